/// The units for systemd, and the users and folders that they need.
///
/// Sources: systemd.exec(5), systemd.service(5), sysusers.d(5), tmpfiles.d(5) of version 252.
struct SystemdUnits {
    let settings: ServiceSettings

    static let names = ["stead-controller.service", "stead-gateway.service"]

    var files: [ServiceFile] {
        [
            ServiceFile(path: "/etc/sysusers.d/stead.conf", text: users),
            ServiceFile(path: "/etc/tmpfiles.d/stead.conf", text: folders),
            ServiceFile(path: "/etc/systemd/system/" + Self.names[0], text: controller),
            ServiceFile(path: "/etc/systemd/system/" + Self.names[1], text: gateway),
        ]
    }

    // MARK: - Units

    private var controller: String {
        let groups = [settings.gatewayUser] + (settings.socketGroup.map { [$0] } ?? [])
        // The socket is given to its group.
        let giving = settings.socketGroup == nil ? "" : "\nSystemCallFilter=@chown"
        return """
            \(ServiceSettings.mark)
            [Unit]
            Description=Stead controller: keeps servers as a git branch says
            Wants=network-online.target
            After=network-online.target
            StartLimitIntervalSec=0

            [Service]
            ExecStart=\(command(settings.controllerArguments))
            User=\(settings.user)
            Group=\(settings.user)
            SupplementaryGroups=\(groups.joined(separator: " "))
            EnvironmentFile=-\(ServiceSettings.configuration)/controller.env
            # What is under way on a host comes to its end first.
            TimeoutStopSec=180
            \(common)
            ReadWritePaths=\(path(settings.state))
            # Whether another controller lives is read in /proc, so that is not narrowed here.
            SystemCallFilter=~@privileged @resources\(giving)

            [Install]
            WantedBy=multi-user.target

            """
    }

    private var gateway: String {
        """
        \(ServiceSettings.mark)
        [Unit]
        Description=Stead gateway: serves the APIs of apps
        Wants=network-online.target
        After=network-online.target
        StartLimitIntervalSec=0

        [Service]
        ExecStart=\(command(settings.gatewayArguments))
        User=\(settings.gatewayUser)
        Group=\(settings.gatewayUser)
        EnvironmentFile=-\(ServiceSettings.configuration)/gateway.env
        TimeoutStopSec=60
        \(common)
        # Rows are written; releases and keys are read by the folder's group.
        ReadWritePaths=\(path(settings.state + "/databases"))
        InaccessiblePaths=-\(ServiceSettings.configuration)/keys
        InaccessiblePaths=-\(path(settings.state + "/run"))
        ProtectProc=invisible
        ProcSubset=pid
        SystemCallFilter=~@privileged @resources

        [Install]
        WantedBy=multi-user.target

        """
    }

    /// What both have in common.
    private var common: String {
        """
        Type=notify
        NotifyAccess=main
        ExecReload=/bin/kill -HUP $MAINPID
        Restart=on-failure
        RestartSec=2
        # Wrong flags: only another unit helps.
        RestartPreventExitStatus=64
        WatchdogSec=60
        KillMode=mixed
        WorkingDirectory=\(path(settings.state))
        UMask=0077
        NoNewPrivileges=yes
        CapabilityBoundingSet=
        AmbientCapabilities=
        ProtectSystem=strict
        ProtectHome=yes
        PrivateTmp=yes
        PrivateDevices=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        LockPersonality=yes
        MemoryDenyWriteExecute=yes
        RemoveIPC=yes
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        SystemCallArchitectures=native
        SystemCallErrorNumber=EPERM
        SystemCallFilter=@system-service
        """
    }

    // MARK: - Users and folders

    private var users: String {
        var lines = [
            ServiceSettings.mark,
            "u \(settings.user) - \"Stead controller\" \(settings.state) /usr/sbin/nologin",
            "u \(settings.gatewayUser) - \"Stead gateway\" / /usr/sbin/nologin",
            "# The controller makes what the gateway serves, and changes its tables.",
            "m \(settings.user) \(settings.gatewayUser)",
        ]
        if let group = settings.socketGroup {
            lines += ["g \(group) -", "m \(settings.user) \(group)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var folders: String {
        let (user, group) = (settings.user, settings.gatewayUser)
        let state = specifierFree(settings.state)
        var lines = [
            ServiceSettings.mark,
            "d \(ServiceSettings.configuration) 0755 root root -",
            "d \(ServiceSettings.configuration)/keys 0700 \(user) \(user) -",
        ]
        lines += settings.folders.map { folder in
            "d \(specifierFree(folder.path)) \(folder.mode) \(user) \(group) -"
        }
        lines += [
            "# What was made before the folders were shared.",
            "z \(state)/stead.db* 0640 \(user) \(group) -",
            "z \(state)/keys/*.json 0640 \(user) \(group) -",
            "z \(state)/databases/*.db 0660 \(user) \(group) -",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Words

    /// A command line. Source: systemd.service(5), "COMMAND LINES": quotes, `%` and `$` mean
    /// something there.
    private func command(_ arguments: [String]) -> String {
        ([settings.program] + arguments).map { word in
            let escaped = specifierFree(word).replacing("\\", with: "\\\\")
                .replacing("\"", with: "\\\"").replacing("$", with: "$$")
            let isPlain = word.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"\"'\\;|&<>*?[]{}()#~".utf8.contains(byte)
            }
            return isPlain && !word.isEmpty ? escaped : "\"\(escaped)\""
        }.joined(separator: " ")
    }

    private func path(_ text: String) -> String { specifierFree(text) }

    private func specifierFree(_ text: String) -> String { text.replacing("%", with: "%%") }
}
