import Resources
import Storage

/// What keeps a host from taking orders of somebody who has lost the lease.
///
/// The host keeps an empty file a token, named after the state and the token, and only ever adds
/// higher ones: there is nothing that two who race could overwrite. Each command looks first
/// whether a higher one is there.
struct Fence: Sendable {
    let state: String
    let token: Int
    /// Where this machine keeps the tokens when it is itself the host: with the state.
    let localFolder: String

    /// The exit status of a command that was not run, as somebody with a higher token was there.
    static let refusedStatus = 97

    /// Leaves the token on the host, takes lower ones away, and defines what `check` calls, and
    /// where the state's quarantine is; told to the shell itself, once. Ends with status 0 when the
    /// token stands there.
    func raise(isLocal: Bool) -> String {
        """
        stead_fence=\(isLocal ? ShellText.quoted(localFolder) : "/var/lib/stead/fence")
        [ \(isLocal ? "0" : "$(id -u)") = 0 ] || stead_fence=${HOME:-/tmp}/.local/state/stead/fence
        stead_quarantine=${stead_fence%/*}/quarantine/\(state)
        stead_fenced() {
            for mark in "$stead_fence"/\(state)-*; do
                [ -e "$mark" ] || continue
                [ "${mark##*-}" -le \(token) ] || return 1
            done
        }
        stead_raise() {
            stead_fenced || return \(Self.refusedStatus)
            mkdir -p "$stead_fence" || return 1
            : >"$stead_fence/\(state)-\(token)" || return 1
            for mark in "$stead_fence"/\(state)-*; do
                [ "${mark##*-}" -ge \(token) ] || rm -f "$mark"
            done
        }
        stead_raise

        """
    }

    /// What each command begins with.
    static let check = "stead_fenced || exit \(refusedStatus)\n"
}
