import ArgumentParser
import Diagnostics

/// The names of commands that a command line begins with.
///
/// The parser takes one that there is none of for an argument, and `help` takes it for nothing.
struct CommandWords {
    private let words: ArraySlice<String>

    init(_ arguments: ArraySlice<String>) {
        words = arguments.first == "help" ? arguments.dropFirst() : arguments
    }

    /// Refuses a command that there is none of, with the one that was probably meant.
    func check() throws {
        var command: any ParsableCommand.Type = Stead.self
        var path = ["stead"]
        for word in words {
            let configuration = command.configuration
            let names = configuration.subcommands.compactMap { $0.configuration.commandName }
            guard !names.isEmpty, !word.hasPrefix("-") else { return }
            guard let position = names.firstIndex(of: word) else {
                // An argument of the command that is meant where none is named.
                if configuration.defaultSubcommand != nil || word == "help" { return }
                let hint =
                    Suggestion.sentence(for: word, among: names)
                    ?? "`\(path.joined(separator: " ")) --help` lists them"
                let meant = (path + [word]).joined(separator: " ")
                throw ValidationError("there is no command `\(meant)`: \(hint)")
            }
            command = configuration.subcommands[position]
            path.append(word)
        }
    }
}
