import Resources
import YAML

/// How a commit reaches the servers.
extension SettingsTable {
    private static let share = FieldType<Settings.Rollout.Share>(
        "number | percent",
        .oneOf([.integer(1...1_000_000), .string(pattern: "^([1-9][0-9]?|100)%$")])
    ) { node, reader in
        if let text = node.text, let number = Int(text), number >= 1 { return .count(number) }
        if let text = node.text, text.hasSuffix("%"), let percent = Int(text.dropLast()),
            (1...100).contains(percent)
        {
            return .percent(percent)
        }
        reader.invalid(node, "must be a number of servers such as `2`, or a share such as `25%`")
        return nil
    }

    private static let group = FieldType<[String: String]>.map(of: .scalar).checked("labels") {
        $0.isEmpty ? "must name a label: every server would be in this group" : nil
    }

    static let rollout = FieldTable<Settings.Rollout>(
        from: { .init() },
        [
            Field(
                "groups", \.groups, .list(of: group), defaultText: "[]",
                "Labels of servers, group by group: a server is in the first group all of whose "
                    + "labels it has. Those in none are the last group.",
                example: "[{tier: canary}, {site: paris}]"),
            Field(
                "max", \.max, share, defaultText: "100%",
                "How many servers of a group are changed side by side: a number, or a share of "
                    + "the group.",
                example: "25%"),
            Field(
                "pause", \.pauseSeconds, .duration, defaultText: "0s",
                "How long what was changed has to stay healthy before the next servers' turn.",
                example: "2m"),
            Field(
                "onFailure", \.onFailure, .enumeration, defaultText: "stop",
                "What becomes of a group that fails: `stop` leaves it, `revert` undoes its "
                    + "changes.",
                example: "revert"),
            Field(
                "wait", \.waitSeconds, .duration, defaultText: "5m",
                "How long a group of which no server can be reached holds up the others.",
                example: "1h"),
        ])
}
