import Diagnostics
import Resources
import YAML

extension FieldType where Value == CronSchedule {
    /// Cron's five fields, or a nickname such as `@daily`.
    static var schedule: FieldType {
        FieldType("cron schedule", .string()) { node, reader in
            guard let text = FieldType<String>.string.read(node, &reader) else { return nil }
            do throws(CronSyntaxError) {
                return try CronSchedule(text)
            } catch {
                reader.report(
                    .fieldValue, at: mark(of: error, in: node, reader),
                    "`schedule` \(error.message)", fix: error.fix)
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
