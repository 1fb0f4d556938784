import ArgumentParser
import Diagnostics
import FoundationEssentials
import Storage

/// Where desired state comes from.
struct SourceOptions: ParsableArguments {
    @Option(help: "A folder, a git repository (bare or not), or a URL (file, https, ssh).")
    var repo = "."

    @Option(
        help: "A branch, tag or commit. In a git repository the default is HEAD.")
    var ref: String?
}

/// Where Stead keeps what it knows.
struct StateOptions: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: "The state folder. Overrides STEAD_STATE; `state` when neither is given.")
    var folder: String?

    /// The folder to use.
    var path: String {
        folder ?? ProcessInfo.processInfo.environment["STEAD_STATE"].flatMap {
            $0.isEmpty ? nil : $0
        } ?? "state"
    }

    /// The state, for reading: there has to be one.
    ///
    /// - Throws: `stalled` when there is none, or it can't be read.
    func existing() throws(Failure) -> StateStore {
        guard StateStore.exists(in: path) else {
            throw .stalled(
                .init(
                    "there is no state in \(path)",
                    fix: "name its folder with --state or STEAD_STATE; "
                        + "`stead plan` and `stead apply` need none before"))
        }
        return try StateStore(folder: path, access: .readOnly)
    }
}

/// How results are printed.
struct FormatOptions: ParsableArguments {
    @Option(help: "text or json.")
    var format = OutputFormat.text
}
