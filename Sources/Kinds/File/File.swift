import Diagnostics
import Resources

/// A regular file on a server.
enum File: Kind {
    static let name: KindName = "File"

    /// The most that a file may hold, in bytes; a document could hold no more either.
    static let sizeLimit = 1 << 20

    struct Desired: Sendable, Equatable, Codable {
        var target: FileTarget
        /// Words of the command to run after a change; empty for none.
        var after: [String]
    }

    static func server(of document: Document<FileSpec>) -> String? { document.spec.server }

    static func references(of document: Document<FileSpec>) -> [Reference] {
        [Reference(field: "server", to: "Server", document.spec.server)]
    }

    static func claims(of desired: Desired) -> [Claim] {
        [Claim(.path, desired.target.path, field: "path")]
    }

    static func looks(for desired: Desired) -> [Look] { [desired.target.look] }

    static func observation(of desired: Desired, from output: ProbeOutput) throws(Failure)
        -> FileObservation?
    {
        let path = desired.target.path
        guard let state = PathState(try output.sighting(of: path)) else { return nil }
        return FileObservation(
            path: path, state: state, isSensitive: desired.target.isSensitive)
    }

    static func differences(from observed: FileObservation?, to desired: Desired?)
        -> [Difference]
    {
        if let desired { return desired.target.differences(from: observed?.state) }
        guard let observed else { return [] }
        return [
            observed.state.differenceFromNothing(
                at: observed.path, isSensitive: observed.isSensitive)
        ]
    }

    static func steps(for change: Change<File>) -> [Step] {
        let target = change.declared.target
        var steps: [Step] = []
        let differences = differences(from: change.observed, to: change.desired)
        if differences.contains(where: { !$0.isNormalisation }) {
            steps.append(
                change.desired == nil
                    ? Step(
                        id: "remove \(target.path)", command: FileCommands.remove(target.path))
                    : Step(
                        id: "write \(target.path)", command: FileCommands.write(target)))
        }
        let after = change.declared.after
        if !after.isEmpty {
            steps.append(Step(id: "after", command: Command(words: after), leavesTrace: false))
        }
        return steps
    }
}

/// What was seen at a file's path.
struct FileObservation: Sendable, Equatable, Codable {
    var path: String
    var state: PathState
    /// Of the declaration, not of the host, and so not kept.
    var isSensitive = false

    private enum CodingKeys: String, CodingKey { case path, state }
}
