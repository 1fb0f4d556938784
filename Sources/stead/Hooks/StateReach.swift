import Diagnostics
import Glibc

/// Whether this process's user may use a state folder: hooks run as whoever pushes.
struct StateReach {
    private let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    /// - Throws: `stalled`, with what to do, when the folder is there and can't be read.
    func check() throws(Failure) {
        let path = "\(folder)/stead.db"
        guard access(path, R_OK) != 0, errno == EACCES else { return }
        var status = stat()
        let owner = stat(folder, &status) == 0 ? Self.name(of: status.st_uid) : "its owner"
        throw .stalled(
            .init(
                "\(Self.name(of: geteuid())), who pushes, may not read the state in \(folder)",
                fix: "push as \(owner), with an address such as \(owner)@HOST:PATH"))
    }

    private static func name(of user: uid_t) -> String {
        guard let entry = getpwuid(user) else { return "uid \(user)" }
        return String(cString: entry.pointee.pw_name)
    }
}
