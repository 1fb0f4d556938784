import ArgumentParser
import Diagnostics
import Resources

/// The app that a command is told: by its name, or by an address of it or of its schema.
struct AppName {
    let name: String

    init(_ argument: String) {
        let parts = argument.split(separator: "/", maxSplits: 1).map(String.init)
        let isAddress = parts.count == 2 && ["app", "schema"].contains(parts[0])
        name = isAddress ? parts[1] : argument
    }

    /// The apps that addresses are of, each once and in order.
    static func names(in addresses: some Sequence<Address>) -> [String] {
        Set(addresses.filter { ["app", "schema"].contains($0.kind) }.map(\.name)).sorted()
    }

    /// What to say where `names` are all there are.
    func unknown(among names: [String]) -> ValidationError {
        let known =
            names.isEmpty
            ? "desired state declares no app" : "the apps are \(names.joined(separator: ", "))"
        return ValidationError(
            "unknown app `\(name)`: \(Suggestion.sentence(for: name, among: names) ?? known)")
    }

    /// Whether a document of a file belongs to the app, going by its folder.
    func isFolder(of file: String) -> Bool {
        "/\(file)".contains("/apps/\(name)/")
    }

    /// Whether an address is the app's own: the app, its schema, a query of it.
    func owns(_ address: Address) -> Bool {
        ["app", "schema"].contains(address.kind) && address.name == name
            || address.name.hasPrefix(name + ".")
    }
}
