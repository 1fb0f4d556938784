import Resources

/// A health check as a script that ends with status 0, or prints in one line why it does not.
///
/// A request is made by curl where the host has it; else, without TLS, by bash's own sockets or by
/// `nc`, as HTTP/1.0, whose answers are never in pieces (RFC 1945). So a Debian without curl and a
/// busybox both do.
struct HealthScript {
    let text: [UInt8]

    /// `seconds` is how long one question may take.
    init(_ check: HealthCheck, seconds: Int) {
        let (body, arguments) = Self.parts(of: check.probe)
        let words = ShellText.quoted([String(seconds)] + arguments)
        text = Array("set -- \(words)\n\(Self.prologue)\(body)".utf8)
    }

    private static func parts(of probe: HealthCheck.Probe) -> (body: String, arguments: [String]) {
        switch probe {
        case .http(let web):
            let target = web.target
            return (
                http,
                [
                    web.url, web.host ?? target?.authority ?? "", String(web.status),
                    web.body ?? "", target?.host ?? "", String(target?.port ?? 80),
                    target?.path ?? "/", target?.isSecure == true ? "https" : "http",
                ]
            )
        case .tcp(let host, let port): return (tcp, [host, String(port)])
        case .command(let words): return (command, words)
        case .unit(let name): return (unit, [name])
        }
    }

    /// A command that hangs is ended by `timeout`, where the host has it.
    private static let prologue = """
        LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
        export LC_ALL PATH
        seconds=$1; shift
        has() { command -v "$1" >/dev/null 2>&1; }
        limited() { if has timeout; then timeout "$seconds" "$@"; else "$@"; fi; }
        unwell() { printf '%s\\n' "$1"; exit 1; }
        line='
        '
        cr=$(printf '\\r')
        last() { printf '%s\\n' "$1" | sed -n '/[^[:space:]]/h; ${x;p;}'; }

        """

    /// URL, host, status, body, address, port, path, scheme.
    private static let http = """
        request() {
            printf 'GET %s HTTP/1.0%s\\nHost: %s%s\\n' "$7" "$cr" "$2" "$cr"
            printf 'User-Agent: stead%s\\nConnection: close%s\\n%s\\n' "$cr" "$cr" "$cr"
        }
        ask() {
            if has curl; then
                curl -sS -i --http1.1 --noproxy '*' -m "$seconds" -H "Host: $2" "$1"
            elif [ "$8" = https ]; then
                echo 'the host has no curl, which asking over TLS needs'
            elif has bash; then
                wanted=$(request "$@"; printf x)
                limited bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf %s "$3" >&3 && cat <&3' \\
                    bash "$5" "$6" "${wanted%x}"
            elif has nc; then
                request "$@" | limited nc "$5" "$6"
            else
                echo 'the host has none of curl, bash and nc'
            fi
        }
        answer=$(ask "$@" 2>&1 </dev/null | head -c 262144 | tr -d '\\000')
        first=${answer%%"$line"*}
        case $first in
            HTTP/*) ;;
            *) unwell "no answer: $(last "${answer:-nothing came}")" ;;
        esac
        code=${first#* }
        code=${code%%"$cr"}
        code=${code%% *}
        [ "$code" = "$3" ] || unwell "answered $code instead of $3"
        [ -n "$4" ] || exit 0
        body=${answer#*"$cr$line$cr$line"}
        case $body in
            *"$4"*) exit 0 ;;
        esac
        unwell "answered $code, and its body does not hold what it should"

        """

    private static let tcp = """
        if has bash; then
            said=$(limited bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$@" 2>&1 </dev/null) && exit 0
        elif has nc && nc -h 2>&1 | grep -q -e '[[:space:]]-z'; then
            said=$(limited nc -z "$1" "$2" 2>&1 </dev/null) && exit 0
        elif has nc; then
            # busybox's has no -z, and would wait for the other side to close.
            said=$(limited nc "$1" "$2" -e true 2>&1 </dev/null) && exit 0
        else
            unwell 'the host has neither bash nor nc'
        fi
        unwell "takes no connection: $(last "${said:-no answer within $seconds s}")"

        """

    private static let command = """
        said=$(limited "$@" 2>&1 </dev/null) && exit 0
        status=$?
        unwell "ended with status $status${said:+: $(last "$said")}"

        """

    private static let unit = """
        has systemctl || unwell 'the host has no systemd'
        state=$(systemctl is-active -- "$1" 2>/dev/null)
        [ "$state" = active ] || unwell "is ${state:-not known to systemd}"

        """
}
