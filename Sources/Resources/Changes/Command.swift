/// A shell command with its values apart from its text, so that nothing a user wrote is ever read
/// as shell.
package struct Command: Sendable, Equatable {
    /// POSIX shell text, constant but for commands that desired state itself declares as shell.
    package var script: String
    /// `$1`, `$2`, …
    package var arguments: [String]
    /// Standard input. May hold secrets; never journalled.
    package var input: Content?
    package var timeoutSeconds: Int?

    package init(
        _ script: String, _ arguments: [String] = [], input: Content? = nil,
        timeoutSeconds: Int? = nil
    ) {
        self.script = script
        self.arguments = arguments
        self.input = input
        self.timeoutSeconds = timeoutSeconds
    }

    /// A command given as words, the first of which is the program.
    package init(words: [String]) {
        self.init("\"$@\"", words)
    }
}
