import YAML

/// `health:` of a document: one check, or a list of them.
extension FieldType where Value == [HealthCheck] {
    static var health: FieldType {
        let one = FieldType<HealthDraft>.record(HealthDraft.table) { HealthDraft() }
            .checked("health check") { $0.complaint }
        let many = FieldType<[HealthDraft]>.list(of: one)
        return FieldType("health check | list of them", .oneOf([one.schema, many.schema])) {
            node, reader in
            if case .sequence = node.value {
                return many.read(node, &reader)?.compactMap(\.check)
            }
            return one.read(node, &reader).map { [$0.check].compactMap(\.self) }
        }
    }
}

/// A check as it is written: one of four questions, and how long.
private struct HealthDraft: Sendable {
    var http: HealthCheck.Web?
    var tcp: String?
    var command: [String]?
    var unit: String?
    var deadlineSeconds = 30
    var intervalSeconds = 1

    static let table = FieldTable<HealthDraft>(
        from: { HealthDraft() },
        [
            Field(
                "http", \.http, .record(web) { .init() },
                "A request that has to be answered so, made on the host itself.",
                example: "{url: \"http://127.0.0.1/\", host: prokov.example.com}"),
            Field(
                "tcp", \.tcp, .string, "A place, `HOST:PORT`, that has to take connections.",
                example: "127.0.0.1:5432"),
            Field(
                "command", \.command, .list(of: .text, minimum: 1),
                "A command and its arguments that have to end with status 0.",
                example: "[/usr/local/bin/is-well, --quick]"),
            Field(
                "unit", \.unit,
                .string.checked("unit") {
                    $0.hasPrefix("-") ? "must not begin with a dash" : nil
                }, "A unit of systemd that has to be active.", example: "nginx.service"),
            Field(
                "deadline", \.deadlineSeconds, seconds, defaultText: "30s",
                "How long it may take until it is so.", example: "2m"),
            Field(
                "interval", \.intervalSeconds, seconds, defaultText: "1s",
                "How long to wait before it is asked again.", example: "5s"),
        ])

    private static let seconds = FieldType<Int>.duration.checked("duration") {
        (1...3600).contains($0) ? nil : "must be from `1s` to `1h`"
    }

    private static let web = FieldTable<HealthCheck.Web>(
        from: { .init() },
        [
            Field(
                "url", \.url,
                .string.checked("URL", pattern: "^https?://") {
                    var web = HealthCheck.Web()
                    web.url = $0
                    return web.target == nil
                        ? "must be a URL such as `http://127.0.0.1:8080/ready`, without a user"
                        : nil
                }, isRequired: true, "What is asked for, as the host itself sees it.",
                example: "\"http://127.0.0.1/\""),
            Field(
                "status", \.status, .integer(100...599), defaultText: "200",
                "The status that the answer must have; redirections are not followed.",
                example: "204"),
            Field(
                "body", \.body, .text, "What the answer's body must hold.", example: "Welcome"),
            Field(
                "host", \.host,
                .string.checked("domain") {
                    $0.contains(" ") ? "must not hold blanks" : nil
                }, "The `Host` header, where it is not what the URL says.",
                example: "prokov.example.com"),
        ])

    private var probes: [HealthCheck.Probe?] {
        let place = tcp.flatMap { text -> HealthCheck.Probe? in
            var web = HealthCheck.Web()
            web.url = "http://\(text)"
            guard let target = web.target, target.path == "/", target.authority.contains(":")
            else { return nil }
            return .tcp(host: target.host, port: target.port)
        }
        return [
            http.map { .http($0) }, place, command.map { .command($0) }, unit.map { .unit($0) },
        ]
    }

    /// What is wrong with it as a whole.
    var complaint: String? {
        let written = [http != nil, tcp != nil, command != nil, unit != nil].count(where: \.self)
        if written != 1 { return "must have one of `http`, `tcp`, `command` and `unit`" }
        return check == nil ? "has a `tcp` that is not `HOST:PORT`" : nil
    }

    var check: HealthCheck? {
        guard let probe = probes.compactMap(\.self).first else { return nil }
        var check = HealthCheck(probe)
        check.deadlineSeconds = deadlineSeconds
        check.intervalSeconds = intervalSeconds
        return check
    }
}
