import Resources

/// A table as in `/etc/cron.d`, or the lines of a crontab, read the way cron does.
///
/// Source: crontab(5) of Debian's cron; the lines of its tables have a user before the command.
struct CronTable {
    /// One job of a table.
    struct Entry: Equatable {
        var schedule: CronSchedule
        var user: String
        /// The program and its arguments; a shell's where cron's own has more to do than that.
        var command: [String]
        var environment: [String: String]

        /// What it has of people's own words: its variables, a line each, and its command.
        var words: String {
            let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return (variables + [command.joined(separator: " ")]).joined(separator: "\n")
        }
    }

    /// Why something in a table can't be said as a job.
    struct Problem: Error, Equatable {
        /// From 1; nil for the table as a whole.
        var line: Int?
        var reason: String
    }

    /// What cron's own search path is where a table says nothing.
    private static let cronPath = "/usr/bin:/bin"

    /// The lines with jobs on them, from 1.
    private(set) var jobLines: [(number: Int, text: Substring)] = []
    private var variables: [String: String] = [:]
    private var problem: Problem?

    init(_ text: String) {
        if !text.isEmpty, !text.hasSuffix("\n") {
            problem = Problem(reason: "has no line break at its end, so that cron does not read it")
        }
        if text.utf8.contains(0x0D) {
            problem = Problem(reason: "has carriage returns, which cron passes to the command")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard let first = line.first, first != "#" else { continue }
            if let (name, value) = Self.assignment(line) {
                if !jobLines.isEmpty {
                    problem =
                        problem ?? Problem(line: index + 1, reason: "sets \(name) after a job")
                }
                variables[name] = value
            } else {
                jobLines.append((index + 1, line))
            }
        }
    }

    /// The one job that the table is.
    func entry() throws(Problem) -> Entry {
        if let problem { throw problem }
        guard let job = jobLines.first else { throw Problem(reason: "has no job") }
        guard jobLines.count == 1 else {
            throw Problem(reason: "has \(jobLines.count) jobs, and a CronJob is one")
        }
        if let shell = variables["SHELL"], shell != "/bin/sh" {
            throw Problem(reason: "has its commands read by \(shell)")
        }
        do throws(Problem) {
            var entry = try Self.entry(of: job.text, hasUser: true)
            entry.environment = variables
            entry.environment["SHELL"] = nil
            entry.environment["PATH"] = variables["PATH"] ?? Self.cronPath
            return entry
        } catch {
            throw Problem(line: job.number, reason: error.reason)
        }
    }

    /// Whether it means just what a job's own table does.
    func says(_ job: CronJobDesired) -> Bool {
        guard let entry = try? entry() else { return false }
        var environment = job.environment ?? [:]
        environment["PATH"] = job.path
        return entry.schedule == job.schedule && entry.user == job.user
            && entry.command == job.command && entry.environment == environment
    }

    // MARK: - Lines

    /// `NAME = value`, with quotes around either or not; nil for anything else.
    private static func assignment(_ line: Substring) -> (name: String, value: String)? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let name = unquoted(trimmed(line[..<equals]))
        guard CronJob.isVariable(name) else { return nil }
        return (name, unquoted(trimmed(line[line.index(after: equals)...])))
    }

    /// A job's line.
    static func entry(of line: Substring, hasUser: Bool) throws(Problem) -> Entry {
        var rest = line
        let count = rest.hasPrefix("@") ? 1 : 5
        var fields: [Substring] = []
        for _ in 0..<count { fields.append(word(&rest)) }
        let schedule: CronSchedule
        do throws(CronSyntaxError) {
            schedule = try CronSchedule(fields.joined(separator: " "))
        } catch {
            throw Problem(reason: "its schedule \(error.message)")
        }
        let user = hasUser ? String(word(&rest)) : ""
        rest = trimmed(rest)
        guard !rest.isEmpty else { throw Problem(reason: "has no command") }
        let text = try commandText(rest)
        return Entry(
            schedule: schedule, user: user,
            command: ShellWords.split(text) ?? ["/bin/sh", "-c", text],
            environment: [:])
    }

    /// What cron gives its shell: `\%` is a per cent sign, and what follows a bare one is input.
    private static func commandText(_ text: Substring) throws(Problem) -> String {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == "%" {
                guard isEscaped else {
                    throw Problem(reason: "gives its command input, after a `%`")
                }
                result.unicodeScalars.removeLast()
            }
            isEscaped = scalar == "\\"
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func word(_ rest: inout Substring) -> Substring {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        let word = rest.prefix { $0 != " " && $0 != "\t" }
        rest = rest.dropFirst(word.count)
        return word
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, let first = text.first, first == "\"" || first == "'",
            text.last == first
        else { return String(text) }
        return String(text.dropFirst().dropLast())
    }
}
