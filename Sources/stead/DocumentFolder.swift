import Controlling
import Diagnostics
import FoundationEssentials
import Glibc

/// A folder that documents are written to, each as a whole or not at all.
struct DocumentFolder {
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Writes documents; none if one is there already, unless forced to.
    ///
    /// - Returns: where each is, by its place in the folder.
    /// - Throws: when a document is in the way, or can't be written.
    func write(_ drafts: [AdoptionDraft], isForced: Bool) throws(Failure) -> [String: String] {
        let places = Dictionary(
            drafts.map { ($0.file, "\(path)/\($0.file)") }, uniquingKeysWith: { first, _ in first })
        if !isForced {
            for place in places.values.sorted() where access(place, F_OK) == 0 {
                throw .stalled(
                    .init(
                        "\(place) exists already; nothing was written",
                        fix: "write to another folder, or pass --force"))
            }
        }
        for draft in drafts {
            guard let place = places[draft.file] else { continue }
            try makeFolder(of: place)
            try write(Array(draft.text.utf8), to: place, draft.isSecret, isForced: isForced)
        }
        return places
    }

    private func makeFolder(of place: String) throws(Failure) {
        guard let slash = place.lastIndex(of: "/") else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: String(place[..<slash]), withIntermediateDirectories: true)
        } catch {
            throw failure(place)
        }
    }

    private func write(
        _ bytes: [UInt8], to place: String, _ isSecret: Bool, isForced: Bool
    ) throws(Failure) {
        let temporary = "\(place).\(getpid()).tmp"
        defer { unlink(temporary) }
        let mode: mode_t = isSecret ? 0o600 : 0o644
        let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(place) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let failure = failure(place)
                close(descriptor)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0, close(descriptor) == 0 else { throw failure(place) }
        // A link can't be made over what has come meanwhile.
        let isPlaced = isForced ? rename(temporary, place) : link(temporary, place)
        guard isPlaced == 0 else { throw failure(place) }
    }

    private func failure(_ place: String) -> Failure {
        .stalled(.init("cannot write \(place): \(String(cString: strerror(errno)))"))
    }
}
