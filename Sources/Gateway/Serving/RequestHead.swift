import NIOHTTP1

extension HTTPRequestHead {
    /// Why a request is not even looked at; nil for most.
    ///
    /// - Parameter authority: that of the request before; becomes this one's, or none.
    /// - Returns: the answer to it.
    ///
    /// Source: RFC 9112, sections 3.2 and 6.1.
    func refusal(_ authority: inout Authority) -> APIError? {
        let hosts = headers["host"]
        let isOld = version.major < 1 || version == .http1_0
        guard hosts.count == 1 || (isOld && hosts.isEmpty) else {
            authority = .none
            return .bad("invalid_request", "a request needs one `Host`, and has \(hosts.count)")
        }
        let host = hosts.first ?? ""
        if !host.isSame(as: authority.text) {
            guard let new = Authority(host) else {
                authority = .none
                return .bad("invalid_request", "`Host` must be a name or an address, and its port")
            }
            authority = new
        }
        let codings = headers["transfer-encoding"]
        guard codings.isEmpty || codings.map({ $0.lowercased() }) == ["chunked"] else {
            return APIError(
                501, "unsupported_encoding", "of all transfer codings only `chunked` is known")
        }
        return nil
    }
}
