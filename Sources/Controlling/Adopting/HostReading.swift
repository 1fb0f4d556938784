import Diagnostics
import Remote
import Resources

/// Reads what is on a host, in two round trips: what lies in folders, and then what lies there.
/// Nothing on the host is changed.
struct HostReading {
    let observer: HostObserver
    let place: Place

    /// The most names that are read of one folder.
    private static let nameLimit = 1000

    /// One name a line; a line break within a name becomes the byte 1.
    private static let script = """
        [ -d "$1" ] || exit 0
        [ -r "$1" ] && [ -x "$1" ] || exit 3
        find "$1/" -mindepth 1 -maxdepth 1 -print0 | tr '\\012\\000' '\\001\\012' \
        | head -n \(nameLimit + 1)
        """

    /// What each kind makes of the host.
    func adopt(_ kinds: [any Adopter.Type], _ request: AdoptionRequest) async throws(Failure)
        -> Adoption
    {
        var adoption = Adoption()
        let folders = Set(kinds.flatMap { $0.folders(request) }).sorted()
        let first = try await observer.observe(place, folders.map(Self.look)).get()
        var listing = FolderListing()
        for folder in folders {
            let (names, left) = Self.names(in: folder, try first.command(Self.look(folder)))
            listing.names[folder] = names
            adoption.left += left
        }
        let looks = Set(kinds.flatMap { $0.looks(request, listing) })
        let output = try await observer.observe(place, Array(looks)).get()
        for kind in kinds {
            adoption.add(kind.adopt(request, listing, output), of: kind, request)
        }
        return adoption
    }

    private static func look(_ folder: String) -> Look {
        .command(script: script, arguments: [folder])
    }

    private static func names(
        in folder: String, _ answer: CommandSighting
    ) -> (names: [String], left: [LeftOut]) {
        guard answer.status == 0 else {
            return ([], [LeftOut(folder, "can't be listed", fix: "sign in as root, or with sudo")])
        }
        var names: [String] = []
        var left: [LeftOut] = []
        for line in answer.output.split(separator: "\n") {
            guard line.hasPrefix("\(folder)/") else {
                left.append(LeftOut(folder, "is not listed whole: \(line)"))
                continue
            }
            let name = String(line.dropFirst(folder.utf8.count + 1))
            let isText = name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0xFFFD
            }
            if isText {
                names.append(name)
            } else {
                left.append(LeftOut(String(line), "has a name that is no text on one line"))
            }
        }
        if names.count + left.count > nameLimit {
            left.append(LeftOut(folder, "has more than \(nameLimit) entries: these are not all"))
        }
        return (Array(names.prefix(nameLimit)), left)
    }
}
