/// The services for OpenRC.
///
/// Sources: openrc-run(8), supervise-daemon(8) and OpenRC's service script guide.
struct OpenRCScripts {
    let settings: ServiceSettings

    static let names = ["stead-controller", "stead-gateway"]

    var files: [ServiceFile] {
        [
            ServiceFile(path: "/etc/conf.d/stead-controller", text: controllerSettings),
            ServiceFile(path: "/etc/conf.d/stead-gateway", text: gatewaySettings),
            ServiceFile(
                path: "/etc/init.d/stead-controller",
                text: script(
                    "Stead controller", "keeps servers as a git branch says",
                    folders: folders, retry: "TERM/180/KILL/5"), isExecutable: true),
            ServiceFile(
                path: "/etc/init.d/stead-gateway",
                text: script(
                    "Stead gateway", "serves the APIs of apps", folders: folders,
                    retry: "TERM/60/KILL/5"), isExecutable: true),
        ]
    }

    private var controllerSettings: String {
        settings(
            settings.controllerArguments, user: settings.user, health: settings.controllerListen)
    }

    private var gatewaySettings: String {
        settings(
            settings.gatewayArguments, user: settings.gatewayUser, health: settings.gatewayListen)
    }

    private func settings(_ arguments: [String], user: String, health: String?) -> String {
        """
        \(ServiceSettings.mark)
        command=\(doubleQuoted(settings.program))
        command_args=\(doubleQuoted(arguments.map(Self.quoted).joined(separator: " ")))
        command_user="\(user):\(user)"
        # Asked with wget, where there is one, whether the service is well.
        health_address=\(doubleQuoted(health.map(Self.loopback) ?? ""))

        """
    }

    /// The part of both scripts that says what to run stands in `conf.d`, which they read first.
    private func script(
        _ name: String, _ description: String, folders: String, retry: String
    ) -> String {
        """
        #!/sbin/openrc-run
        \(ServiceSettings.mark)
        name="\(name)"
        description="\(name): \(description)"
        supervisor=supervise-daemon
        respawn_delay=2
        respawn_max=0
        retry="\(retry)"
        umask=0077
        # Not as `no_new_privs`, which OpenRC 0.45 passes on by a wrong name.
        supervise_daemon_args="--no-new-privs"
        pidfile="/run/${RC_SVCNAME}.pid"
        output_log="/var/log/${RC_SVCNAME}.log"
        error_log="/var/log/${RC_SVCNAME}.log"
        healthcheck_timer=30
        extra_started_commands="reload"

        depend() {
            use localmount net dns logger
            after bootmisc firewall
        }

        start_pre() {
            checkpath --file --owner "$command_user" --mode 0640 "$error_log" || return 1
        \(folders)
        }

        reload() {
            ebegin "Reloading ${name}"
            supervise-daemon "${RC_SVCNAME}" --signal HUP --pidfile "$pidfile"
            eend $?
        }

        healthcheck() {
            [ -n "$health_address" ] && command -v wget >/dev/null 2>&1 || return 0
            wget -q -T 5 -O /dev/null "http://$health_address/healthz"
        }

        """
    }

    private var folders: String {
        let (user, group) = (settings.user, settings.gatewayUser)
        let configuration = ServiceSettings.configuration
        var lines = [
            "checkpath --directory --owner root:root --mode 0755 \(configuration) || return 1",
            "checkpath --directory --owner \(user):\(user) --mode 0700 \(configuration)/keys "
                + "|| return 1",
        ]
        lines += settings.folders.map { folder in
            "checkpath --directory --owner \(user):\(group) --mode \(folder.mode) "
                + "\(Self.quoted(folder.path)) || return 1"
        }
        return lines.map { "    \($0)" }.joined(separator: "\n")
    }

    /// Makes the folders, as the services do again before they start.
    var foldersScript: String {
        let (user, group) = (settings.user, settings.gatewayUser)
        let configuration = ServiceSettings.configuration
        let folders =
            [
                (configuration, "0755", "root:root"),
                (configuration + "/keys", "0700", "\(user):\(user)"),
            ]
            + settings.folders.map { ($0.path, $0.mode, "\(user):\(group)") }
        return folders.map { path, mode, owner in
            let path = Self.quoted(path)
            return "mkdir -p \(path)\nchown \(owner) \(path)\nchmod \(mode) \(path)\n"
        }.joined()
    }

    /// Makes the users and their groups, by busybox's programs or by those of shadow: `$1` is the
    /// controller's user, `$2` the gateway's, `$3` the state folder, `$4` the socket's group or
    /// nothing.
    static let usersScript = """
        set -eu
        shell=/sbin/nologin
        [ -x "$shell" ] || shell=/usr/sbin/nologin
        group() {
            grep -q "^$1:" /etc/group && return
            if command -v groupadd >/dev/null; then
                groupadd --system "$1"
            else
                addgroup -S "$1"
            fi
        }
        user() {
            grep -q "^$1:" /etc/passwd && return
            if command -v useradd >/dev/null; then
                useradd --system --gid "$1" --home-dir "$2" --no-create-home --shell "$shell" "$1"
            else
                adduser -S -D -H -h "$2" -s "$shell" -G "$1" "$1"
            fi
        }
        member() {
            if command -v usermod >/dev/null; then
                usermod --append --groups "$2" "$1"
            else
                addgroup "$1" "$2"
            fi
        }
        group "$1"
        group "$2"
        user "$1" "$3"
        user "$2" /
        member "$1" "$2"
        if [ -n "$4" ]; then
            group "$4"
            member "$1" "$4"
        fi
        """

    /// Where a listener is asked from the same machine.
    private static func loopback(_ address: String) -> String {
        address.hasPrefix("0.0.0.0:") ? "127.0.0.1:" + address.dropFirst(8) : address
    }

    /// A word for OpenRC, which reads the settings once as shell text and once more when it starts
    /// the program.
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A
                || byte >= 0x61 && byte <= 0x7A || "-_./:@,+=".utf8.contains(byte)
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }

    private func doubleQuoted(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            if "\\\"$`".unicodeScalars.contains(character) { result += "\\" }
            result.unicodeScalars.append(character)
        }
        return "\"\(result)\""
    }
}
