internal import Diagnostics
internal import SQL

extension SQLError {
    /// The error as a failure of the state database at `path`, with its fix.
    func failure(path: String) -> Failure {
        switch reason {
        case .busy:
            .transient(
                .init(
                    "the state database \(path) is locked by another process", detail: message,
                    fix: "wait for it to end, or find it with `fuser \(path)`"))
        case .full:
            .stalled(
                .init(
                    "no space is left for the state database \(path)", detail: message,
                    fix: "free some space and run again; nothing was half-written"))
        case .readOnly, .cannotOpen:
            .stalled(
                .init(
                    "the state database \(path) can't be opened or written", detail: message,
                    fix: "run as the user who owns the state folder, or make it writable"))
        case .corrupt:
            .stalled(
                .init("the state database \(path) is damaged", detail: message, fix: Self.restore))
        case .notADatabase:
            .stalled(
                .init("\(path) is not a database", detail: message, fix: Self.restore))
        case .unique, .foreignKey, .notNull, .check, .raised, .tooLong, .characters, .value,
            .deadlock, .timeout, .connectionLost, .outdated, .undefined, .other:
            .stalled(.init("the state database \(path) refused: \(message)"))
        }
    }

    private static let restore =
        "restore it from a backup, or move it away to start with an empty state; "
        + "it has not been overwritten"
}
