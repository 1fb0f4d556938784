import Diagnostics
package import Resources
package import YAML

/// What `desired/stead.yaml` may say.
package enum SettingsTable {
    /// The fields of `stead.yaml`.
    package static let table = FieldTable<Settings>(
        from: { Settings() },
        [
            Field(
                "version", \.version, version, isRequired: true,
                "The version of the format of desired state; there is one so far.", example: "1"),
            Field(
                "source", \.source, .record(source) { .init() }, defaultText: "{}",
                "How the controller follows the repository.", example: "{interval: 1m}"),
            Field(
                "reconcile", \.reconcile, .record(reconcile) { .init() }, defaultText: "{}",
                "How the controller works.", example: "{interval: 5m}"),
            Field(
                "policy", \.policy, .record(policy) { .init() }, defaultText: "{}",
                "What a run may do by itself.", example: "{maxDeletes: 3}"),
            Field(
                "guard", \.guard, .record(`guard`) { .init() }, defaultText: "{}",
                "How changes are made that could lock Stead out of a host.",
                example: "{timeout: 2m}"),
            Field(
                "rollout", \.rollout, .record(rollout) { .init() },
                "How a commit reaches the servers, group by group; all at once when it is left "
                    + "out.",
                example: "{groups: [{tier: canary}], max: 25%, pause: 2m}"),
            Field(
                "windows", \.windows, .list(of: window), defaultText: "[]",
                "When changes may be made, and when not; at any time when it is left out.",
                example: "[{allow: \"0 2 * * sat\", duration: 4h, timezone: Europe/Zurich}]"),
            Field(
                "notify", \.notify, .list(of: notifyTarget), defaultText: "[]",
                "Who is told of what happens.",
                example: "[{slack: {urlFile: /etc/stead/slack-url}}]"),
            Field(
                "audit", \.audit, .record(audit) { .init() }, defaultText: "{}",
                "What becomes of the audit log.",
                example: "{forward: {syslog: \"tls://logs.example.com:6514\"}}"),
            Field(
                "retention", \.retention, .record(retention) { .init() }, defaultText: "{}",
                "How long the state keeps what it knows.", example: "{runs: 365d}"),
        ])

    private static let version = FieldType<Int>("integer", .integer(1...1)) { node, reader in
        guard case .scalar(let scalar) = node.value, scalar.resolved == .int(1) else {
            reader.report(
                .versionUnsupported, at: node.mark, "this version of Stead reads `version: 1`",
                why: "found \(node.text.map { "`\($0)`" } ?? node.shape)")
            return nil
        }
        return 1
    }

    private static let source = FieldTable<Settings.Source>(
        from: { .init() },
        [
            Field(
                "interval", \.intervalSeconds, .duration, defaultText: "60s",
                "How often the controller looks for a new commit, give or take a tenth; "
                    + "a push that tells it is taken at once.",
                example: "30s"),
            Field(
                "timeout", \.timeoutSeconds, .duration, defaultText: "60s",
                "How long the repository's server may say nothing before the look is given up "
                    + "and told of; it is tried again.",
                example: "2m"),
            Field(
                "verify", \.verify, .enumeration, defaultText: "none",
                "Whether the controller takes signed commits alone: `required` or `none`. The "
                    + "rule of the commit in force holds for the next one.",
                example: "required"),
            Field(
                "allowedSigners", \.allowedSigners, .list(of: signer), defaultText: "[]",
                "Who may sign: lines as in ssh-keygen's allowed signers, and public OpenPGP keys "
                    + "as text.",
                example: "[\"ada@example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE…\"]"),
        ])

    /// A line of ssh-keygen's, or a block of OpenPGP's.
    private static let signer = FieldType<String>.text.map {
        String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.checked("signer") { text in
        if text.hasPrefix("-----BEGIN PGP") {
            return text.hasPrefix("-----BEGIN PGP PUBLIC KEY BLOCK-----")
                ? nil : "must be a public key, as `gpg --armor --export` writes it"
        }
        let words = text.split(separator: " ")
        let isKey = words.dropFirst().contains {
            $0.hasPrefix("ssh-") || $0.hasPrefix("ecdsa-") || $0.hasPrefix("sk-")
        }
        return isKey && !text.contains(where: \.isNewline) && !text.hasPrefix("#")
            ? nil : "must be a line such as `ada@example.com ssh-ed25519 AAAA…`"
    }

    /// A table of rules: labels, and what holds for the resources that have them.
    private static func rules<Value: RawRepresentable & CaseIterable & Sendable & Equatable>(
        _ name: String, _ initial: Value, _ documentation: String, example: String
    ) -> FieldTable<Settings.Labelled<Value>> where Value.RawValue == String {
        FieldTable(
            from: { .init(initial) },
            [
                Field(
                    "labels", \.labels, .map(of: .scalar), isRequired: true,
                    "The labels that a resource must have, all of them.",
                    example: "{site: paris}"),
                Field(
                    name, \.value, .enumeration, isRequired: true, documentation,
                    example: example),
            ])
    }

    private static let driftRules = rules(
        "drift", Settings.Drift.correct, "What is done about their drift.", example: "report")
    private static let approveRules = rules(
        "approve", Settings.Approval.never, "Which of their changes wait for a person.",
        example: "always")

    private static let reconcile = FieldTable<Settings.Reconcile>(
        from: { .init() },
        [
            Field(
                "interval", \.intervalSeconds, .duration, defaultText: "5m",
                "How often the controller looks for drift.", example: "15m"),
            Field(
                "parallelism", \.parallelism, .integer(1...4096), defaultText: "128",
                "How many hosts are worked on side by side.", example: "32"),
            Field(
                "drift", \.drift, .enumeration, defaultText: "correct",
                "What the controller does about drift: `correct` takes it back, `report` tells "
                    + "it, `ignore` does neither.",
                example: "report"),
            Field(
                "driftRules", \.driftRules,
                .list(of: .record(driftRules) { .init(.correct) }), defaultText: "[]",
                "The same by labels; the first rule that applies decides.",
                example: "[{labels: {site: lab}, drift: report}]"),
        ])

    private static let policy = FieldTable<Settings.Policy>(
        from: { .init() },
        [
            Field(
                "maxDeletes", \.maxDeletes, .integer(0...1_000_000), defaultText: "3",
                "Deletes that a run may make by itself; 10 % of what is owned if that is more.",
                example: "10"),
            Field(
                "allowEmpty", \.allowsEmpty, .boolean, defaultText: "false",
                "Whether the tree may declare no resource, so that all that is owned is deleted; "
                    + "`maxDeletes` holds all the same.",
                example: "true"),
            Field(
                "quarantine", \.quarantineSeconds, .duration, defaultText: "7d",
                "How long resources that hold data are kept after their delete.", example: "30d"),
            Field(
                "approve", \.approve, .enumeration, defaultText: "never",
                "Which changes the controller makes only once a person has approved them.",
                example: "deletes"),
            Field(
                "approveRules", \.approveRules,
                .list(of: .record(approveRules) { .init(.never) }), defaultText: "[]",
                "The same by labels; the first rule that applies decides.",
                example: "[{labels: {tier: production}, approve: always}]"),
        ])

    private static let `guard` = FieldTable<Settings.Guard>(
        from: { .init() },
        [
            Field(
                "timeout", \.timeoutSeconds,
                .duration.checked("duration") {
                    (10...3600).contains($0) ? nil : "must be from `10s` to `1h`"
                }, defaultText: "60s",
                "How long a host waits for a new connection to confirm a guarded change before it "
                    + "undoes that.",
                example: "2m")
        ])

    private static let retention = FieldTable<Settings.Retention>(
        from: { .init() },
        [
            Field(
                "runs", \.runsSeconds, .duration, defaultText: "365d",
                "How long runs and their steps are kept.", example: "90d"),
            Field(
                "observations", \.observationsSeconds, .duration, defaultText: "30d",
                "How long past observations are kept.", example: "7d"),
        ])

    /// The settings that a document declares; the defaults where it is wrong, which is reported.
    package static func read(_ node: Node, _ reader: inout FieldReader) -> Settings {
        var settings = Settings()
        if node["kind"] != nil {
            reader.report(
                .settingsMisplaced, at: node.mark, "this file holds the settings alone",
                fix: "move the resource to a file of its own")
            return settings
        }
        _ = table.read(node, into: &settings, &reader)
        if settings.source.verify == .required, settings.source.allowedSigners.isEmpty {
            reader.report(
                .fieldConflict, at: reader.places["source.verify"] ?? node.mark,
                "`source.verify: required` lets nobody make a commit",
                why: "`source.allowedSigners` names nobody",
                fix: "add who may sign, or leave `verify` out")
        }
        return settings
    }
}
