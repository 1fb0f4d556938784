/// Commands that keep what is to be deleted, in a folder of its own of the host's quarantine, and
/// that put it back: POSIX shell, on GNU and on busybox alike.
///
/// The engine's shell knows the quarantine's folder as `$stead_quarantine`. The folder of one
/// delete holds, for each path by its number, `N.saved` (the copy) and `N.path`; `lines.saved`,
/// lines of a crontab; `note`, for people; and `kept`, which is written last and says when, by the
/// host's clock.
package struct KeepsakeCommands: Sendable {
    /// How a command may end, besides well.
    package enum Status {
        /// The quarantine has nothing of it.
        package static let nothing = 3
        /// Something else is where it was.
        package static let obstructed = 4
        /// By the host's clock it has not been kept long enough.
        package static let young = 5
    }

    /// A file of more bytes is not copied but linked, where its file system is the quarantine's.
    package static let copyLimit = 100 << 20

    /// The folder's name.
    package let id: String
    private let paths: [String]
    private let lines: [String]

    package init(_ id: String, _ keepsakes: [Keepsake]) {
        self.id = id
        var paths: [String] = []
        var lines = ["", "", ""]
        for keepsake in keepsakes {
            switch keepsake {
            case .path(let path): paths.append(path)
            case .lines(let user, let begin, let end):
                lines = [FileCommands.crontabDirectory + "/" + user, begin, end]
            }
        }
        self.paths = paths
        self.lines = lines
    }

    /// Keeps all that is there, and fails where that can't be done: then nothing may be deleted.
    ///
    /// What an earlier attempt at the same delete has kept stays where it is gone by now, and gives
    /// way where something newer is there.
    package func keep(note: String) -> Command {
        Command(Self.keeping, [id, note] + lines + paths, timeoutSeconds: 600)
    }

    /// Puts back all that was kept, or nothing: where something else is by now, it says what.
    ///
    /// What is there just as it was kept is left: an interrupted attempt has put it back.
    package var putBack: Command {
        Command(Self.puttingBack, [id] + lines + paths, timeoutSeconds: 600)
    }

    /// Takes away again what `putBack` has put in place.
    package var takeOut: Command { Command(Self.takingOut, [id] + paths) }

    /// Removes what was kept.
    package var forget: Command { Command(Self.forgetting, [id, ""]) }

    /// Removes what was kept if that was so long ago by the host's clock too.
    package func forget(olderThanSeconds seconds: Int) -> Command {
        Command(Self.forgetting, [id, String(seconds)])
    }
}
