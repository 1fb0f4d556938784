/// A job's lines in a user's crontab, between two markers, on hosts that have no `/etc/cron.d`.
struct CrontabBlock: Sendable, Equatable {
    /// The first line.
    let begin: String
    /// The last line.
    let end: String
    private let line: String

    init(_ job: CronJobDesired) {
        begin = "# stead: cron-job/\(job.name)"
        end = "# stead: end cron-job/\(job.name)"
        line = job.crontabLine
    }

    /// All three lines.
    var text: String { "\(begin)\n\(line)\n\(end)\n" }

    /// The block as a crontab has it, markers and all; nil when there is none. Two blocks are
    /// returned one after the other, and so equal none that is wanted. A block without an end is
    /// none: the script that replaces blocks reads them in the same way.
    func found(in crontab: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var held: [UInt8]?
        for line in crontab.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.elementsEqual(begin.utf8) {
                held = line + [UInt8(ascii: "\n")]
            } else if let inside = held {
                let longer = inside + line + [UInt8(ascii: "\n")]
                let isEnd = line.elementsEqual(end.utf8)
                if isEnd { result += longer }
                held = isEnd ? nil : longer
            }
        }
        return result.isEmpty ? nil : result
    }
}
