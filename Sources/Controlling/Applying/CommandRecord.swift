import Diagnostics
import FoundationEssentials
import Resources

/// A step, as the audit log holds it. The text of its command is an entry of its own, once in a
/// run, however many resources it is run for.
struct CommandRecord: Encodable {
    /// See `Step.id`.
    var step: String
    /// The text's name: the first digits of its digest.
    var command: String
    /// What the text is given as `$1`, `$2`, …: one shell line, redacted.
    var arguments: String?
    /// How much was on standard input, which may be a secret and is never written down.
    var inputBytes: Int?
    /// How it ended; nil for a step that was not come to.
    var result: String?
    /// What it said, redacted, where it did not succeed.
    var message: String?

    init(_ step: Step, _ ending: StepEnding?) {
        self.step = step.id
        command = CommandText(step).name
        if !step.command.arguments.isEmpty {
            arguments = CommandText.shown(ShellText.quoted(step.command.arguments))
        }
        inputBytes = step.command.input?.bytes?.count
        result = ending?.state.rawValue
        message = ending?.message.map(CommandText.shown)
    }
}

/// The text of a command, which is the same for many resources.
struct CommandText: Hashable {
    private let text: String

    /// The most that is written down, in bytes.
    private static let limit = 16 << 10

    init(_ text: String) {
        self.text = text
    }

    /// A step's: shell, or what is done in a database, in JSON.
    init(_ step: Step) {
        text = step.databaseWork.map { String(decoding: $0, as: UTF8.self) } ?? step.command.script
    }

    /// The first digits of its digest.
    var name: String { Digest(of: text).short }

    /// What the log holds of it.
    var detail: [String: String] { ["text": Self.shown(text)] }

    /// A text as it may be written down.
    static func shown(_ text: String) -> String {
        let redacted = Redactor.redacted(text)
        guard redacted.utf8.count > limit else { return redacted }
        return String(decoding: redacted.utf8.prefix(limit), as: UTF8.self) + "…"
    }
}

extension [HostWork] {
    /// Every text that carrying it out may run, each once.
    var commandTexts: [CommandText] {
        let steps = flatMap(\.items).flatMap(\.steps)
        let bundles = Set(steps.compactMap(\.transaction)).flatMap { [$0.test, $0.commit] }
        var known = Set<CommandText>()
        return (steps.map(CommandText.init) + bundles.sorted().map { CommandText($0) })
            .filter { known.insert($0).inserted }
    }
}
