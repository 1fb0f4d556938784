import CSSH2

/// What libssh2 says about a call that failed.
struct SSHError: Sendable {
    var code: Int32
    /// libssh2's own words.
    var message: String

    /// What an error means for the connection.
    enum Meaning {
        /// The host refused the key.
        case authentication
        /// The host refused a channel or a request; the connection is as good as before.
        case refusal
        /// No algorithm in common.
        case negotiation
        /// What came was not SSH.
        case notSSH
        /// The connection is gone.
        case disconnected
        /// What came made no sense, or libssh2 is stuck: the connection is of no use.
        case protocolError
    }

    var meaning: Meaning {
        switch code {
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED,
            LIBSSH2_ERROR_FILE:
            .authentication
        case LIBSSH2_ERROR_CHANNEL_FAILURE, LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED: .refusal
        case LIBSSH2_ERROR_KEX_FAILURE, LIBSSH2_ERROR_METHOD_NONE,
            LIBSSH2_ERROR_METHOD_NOT_SUPPORTED:
            .negotiation
        case LIBSSH2_ERROR_BANNER_RECV: .notSSH
        case LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
            LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_BANNER_SEND:
            .disconnected
        default: .protocolError
        }
    }
}
