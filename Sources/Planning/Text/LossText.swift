import Diagnostics
import FoundationEssentials
import Resources

/// What a change takes away, and when: a line for each sort of end, indented by four.
struct LossText {
    let terminal: Terminal

    /// The lines, without line feeds.
    func lines(of losses: [PlannedLoss]) -> [String] {
        var order: [String] = []
        var names: [String: [String]] = [:]
        for loss in losses {
            let head = Self.head(of: loss)
            if names[head] == nil { order.append(head) }
            names[head, default: []].append(Self.words(loss))
        }
        return order.map { head in
            let line = "\(head): \(names[head, default: []].joined(separator: ", "))"
            return "    " + terminal.paint(line.onOneLine, .yellow)
        }
    }

    private static func head(of loss: PlannedLoss) -> String {
        let day = loss.until.map { $0.formatted(.iso8601.year().month().day()) } ?? ""
        return switch loss.fate {
        case .quarantine: "kept in quarantine until \(day), then lost"
        case .putAside: "put aside until \(day), then dropped"
        case .dropped: "put aside before, and dropped now"
        case .atOnce: "lost at once"
        }
    }

    private static func words(_ loss: PlannedLoss) -> String {
        let size = loss.sizeBytes.map(Self.size)
        let rows = loss.rows.map { $0.counted("row") }
        let measure = size ?? rows
        return loss.what + (measure.map { " (\($0))" } ?? "")
    }

    /// `812 bytes`, `1.2 KB`.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1000 else { return bytes.counted("byte") }
        var (tenths, unit) = (bytes / 100, 0)
        let units = ["KB", "MB", "GB", "TB"]
        while tenths >= 10_000, unit < units.count - 1 {
            (tenths, unit) = (tenths / 1000, unit + 1)
        }
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
