import Resources

extension Server {
    static let summary = "A machine, how to reach it, and what is on it."

    static let example = """
        kind: Server
        name: web-1
        host: 203.0.113.7            # or transport: local
        port: 22
        user: deploy
        become: sudo                 # how to get root; omitted when user is root
        identityFile: /etc/stead/keys/web-1
        hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3tEUwh/j/1Y8DuTQM3OxHVwb7BElnWujgtpTPMS25f
        vpnAddress: 10.8.0.3
        provides: [nginx, cron]
        nginx:                       # all optional
          directory: /etc/nginx
          test: nginx -t
          reload: systemctl reload nginx
        labels: {site: paris}

        """

    static let fields = FieldTable<ServerSpec>(from: { ServerSpec() }, reaching + having)

    private static let reaching: [Field<ServerSpec>] = [
        Field(
            "transport", \.transport, .enumeration, defaultText: "ssh",
            "How commands get there: over SSH, or `local` for the machine that Stead runs on.",
            example: "local"),
        Field(
            "host", \.host, .host,
            "The name or address to connect to; needed unless the transport is `local`.",
            example: "203.0.113.7"),
        Field("port", \.port, .port, defaultText: "22", "The port of its sshd.", example: "2222"),
        Field(
            "user", \.user, .account("user"), defaultText: "root",
            "The user to sign in as.", example: "deploy"),
        Field(
            "become", \.become, FieldType<ServerSpec.Become>.enumeration,
            "How that user becomes root; `sudo` must not ask for a password.", example: "sudo"),
        Field(
            "identityFile", \.identityFile, .path,
            "The private key on the controller; without it the ssh-agent is asked.",
            example: "/etc/stead/keys/web-1"),
        Field(
            "hostKey", \.hostKey, .hostKey,
            "The pinned key of the host; without it the first plan stops and prints the key to "
                + "pin.",
            example: "ssh-ed25519 AAAA…"),
        Field(
            "via", \.via, .reference(to: "Server"),
            "The server to jump through.", example: "gate"),
        Field(
            "connectTimeout", \.connectTimeoutSeconds, .duration, defaultText: "10s",
            "How long connecting may take.", example: "30s"),
        Field(
            "commandTimeout", \.commandTimeoutSeconds, .duration, defaultText: "60s",
            "How long one command may take.", example: "5m"),
    ]

    private static let having: [Field<ServerSpec>] = [
        Field(
            "vpnAddress", \.vpnAddress, .host,
            "Its address within the VPN, for the other servers.", example: "10.8.0.3"),
        Field(
            "provides", \.provides, .list(of: .name), defaultText: "[]",
            "What it is for; when given, a site or a job on a server that lacks it is warned of.",
            example: "[nginx, cron]"),
        Field(
            "nginx", \.nginx, .record(nginx, from: { NginxSpec() }), defaultText: "{}",
            "Where its nginx lives and how to speak to it.",
            example: "{directory: /opt/nginx/conf}"),
    ]

    private static let nginx = FieldTable<NginxSpec>(
        from: { NginxSpec() },
        [
            Field(
                "directory", \.directory, .path, defaultText: "/etc/nginx",
                "The folder that holds `sites-available` and `sites-enabled`.",
                example: "/opt/nginx/conf"),
            Field(
                "test", \.test, .string, defaultText: "nginx -t",
                "The shell command that tests the configuration.",
                example: "nginx -t -c /opt/nginx/conf/nginx.conf"),
            Field(
                "reload", \.reload, .string,
                "The shell command that puts it in force; without it, the one that the host's init "
                    + "system has.",
                example: "systemctl reload nginx"),
        ])
}
