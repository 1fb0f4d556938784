import Diagnostics
import YAML

extension FieldType where Value == CronSchedule {
    /// Cron's five fields, or a nickname such as `@daily`; `name` is the field's, for messages.
    package static func schedule(_ name: String = "schedule") -> FieldType {
        FieldType("cron schedule", .string()) { node, reader in
            guard let text = FieldType<String>.string.read(node, &reader) else { return nil }
            do throws(CronSyntaxError) {
                return try CronSchedule(text)
            } catch {
                reader.report(
                    .fieldValue, at: mark(of: error, in: node, reader),
                    "`\(name)` \(error.message)", fix: error.fix)
                return nil
            }
        }
    }

    /// The place of the very part that is wrong, where the text stands on one line as it is.
    private static func mark(
        of error: CronSyntaxError, in node: Node, _ reader: FieldReader
    ) -> Mark {
        guard let text = node.text, let line = reader.source.line(Int(node.mark.line)) else {
            return node.mark
        }
        let scalars = line.unicodeScalars.dropFirst(Int(node.mark.column) - 1)
        let isQuoted = scalars.first == "\"" || scalars.first == "'"
        let written = scalars.dropFirst(isQuoted ? 1 : 0)
        guard written.starts(with: text.unicodeScalars) else { return node.mark }
        return Mark(
            line: Int(node.mark.line),
            column: Int(node.mark.column) + (isQuoted ? 1 : 0) + error.offset,
            length: error.length)
    }
}

extension FieldType where Value == String {
    /// An IANA timezone's name; whether there is such a zone is not looked at.
    ///
    /// Source: theory.html of the tz database, "Names of timezones".
    package static var timezone: FieldType {
        string.checked(
            "timezone", pattern: "^[A-Za-z][A-Za-z0-9+_-]*(/[A-Za-z0-9+_-]+){0,2}$"
        ) { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let isValid =
                parts.count <= 3 && text.utf8.count <= 64 && text.first?.isLetter == true
                && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isTimezoneCharacter) }
            return isValid ? nil : "must be a timezone's name, such as `Europe/Paris`"
        }
    }

    private static func isTimezoneCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
