import Diagnostics
import Resources
import YAML

/// When changes may be made.
extension SettingsTable {
    static let window = FieldType<Settings.Window>.record(windowTable) { .init() }
        .checked("mapping") {
            ($0.allow == nil) == ($0.deny == nil) ? "must have one of `allow` and `deny`" : nil
        }

    private static let windowTable = FieldTable<Settings.Window>(
        from: { .init() },
        [
            Field(
                "allow", \.allow, opening("allow"),
                "When it opens, as in crontab(5). Of the resources that it applies to, changes are "
                    + "made within it alone, or within another one that allows them.",
                example: "\"0 2 * * sat\""),
            Field(
                "deny", \.deny, opening("deny"),
                "When a time begins in which no changes are made, whatever is allowed.",
                example: "\"0 8 * * mon-fri\""),
            Field(
                "duration", \.durationSeconds,
                .duration.checked("duration") {
                    (60...366 * 86400).contains($0) ? nil : "must be from `1m` to `366d`"
                }, isRequired: true, "How long it lasts, in real time.", example: "4h"),
            Field(
                "timezone", \.timezone, zone, defaultText: "UTC",
                "Whose clocks the schedule is about, by its IANA name.",
                example: "Europe/Zurich"),
            Field(
                "labels", \.labels, .map(of: .scalar), defaultText: "{}",
                "The labels that a resource must have, all of them.",
                example: "{tier: production}"),
            Field(
                "servers", \.servers, .list(of: .string), defaultText: "[]",
                "The servers that it is about, with `*` for any run of characters; all when it is "
                    + "left out.",
                example: "[\"web-*\"]"),
            Field(
                "kinds", \.kinds, .list(of: .string), defaultText: "[]",
                "The kinds that it is about; all when it is left out.", example: "[NginxSite]"),
            Field(
                "manual", \.isManual, .boolean, defaultText: "false",
                "Whether `stead sync` of a resource goes ahead in spite of it.", example: "true"),
            Field(
                "reason", \.reason, .string, "What people are told.",
                example: "weekend maintenance"),
        ])

    private static func opening(_ name: String) -> FieldType<CronSchedule> {
        .schedule(name).checked("cron schedule") { schedule in
            schedule.neverRuns
                ? "never comes: none of the months of `\(schedule.text)` has such a day" : nil
        }
    }

    /// A zone with its data, so that the settings stand alone.
    private static let zone = FieldType<Timezone>(
        "timezone", FieldType<String>.timezone.schema
    ) { node, reader in
        guard let name = FieldType<String>.timezone.read(node, &reader) else { return nil }
        do throws(ZoneFolder.Problem) {
            return try ZoneFolder.system.zone(name)
        } catch {
            reader.invalid(node, error.message, fix: error.fix)
            return nil
        }
    }

    /// Reports kinds that there are none of: a window that applies to nothing would guard nothing.
    static func checkWindows(
        of settings: Settings, kinds: [String], _ reader: inout FieldReader, at fallback: Mark
    ) {
        for (number, window) in settings.windows.enumerated() {
            for (place, kind) in window.kinds.enumerated() where !kinds.contains(kind) {
                let field = "windows.\(number).kinds.\(place)"
                reader.report(
                    .fieldValue, at: reader.places[field] ?? fallback,
                    "`\(field)` must be a kind, is `\(kind)`",
                    fix: Suggestion.sentence(for: kind, among: kinds)
                        ?? "this version has \(kinds.joined(separator: ", "))")
            }
        }
    }

    /// Warns of servers that nobody declares.
    static func warnings(
        of settings: Settings, servers: [String], _ reader: inout FieldReader, at fallback: Mark
    ) {
        for (number, window) in settings.windows.enumerated() {
            for (place, pattern) in window.servers.enumerated() {
                var named = Settings.Window()
                named.servers = [pattern]
                let isKnown = servers.contains { named.isAbout(server: $0) }
                guard !isKnown else { continue }
                let field = "windows.\(number).servers.\(place)"
                reader.report(
                    .fieldValue, at: reader.places[field] ?? fallback,
                    "`\(field)` is about no server: `\(pattern)`", severity: .warning,
                    why: "a window that applies to nothing keeps nothing from being changed",
                    fix: Suggestion.sentence(for: pattern, among: servers))
            }
        }
    }
}
