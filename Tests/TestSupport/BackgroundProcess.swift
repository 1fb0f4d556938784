import Foundation
package import Glibc
import Synchronization

/// A program that runs beside a test, and is killed and reaped with its last owner.
///
/// Not Foundation's `Process`: that one takes a program which closes the files it inherits, as sshd
/// does, for one that has ended, and then waits for it where it should watch the others.
package final class BackgroundProcess: Sendable {
    package let identifier: pid_t
    private let hasEnded = Mutex(false)

    /// - Throws: `Failed` when there is no such program.
    package init(_ arguments: [String]) throws {
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var identifier: pid_t = 0
        // Whoever reads a pipe of another test's to its end would otherwise wait for this program.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // To close what isn't open is no error.
        for descriptor in 3..<Int32(256) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        guard posix_spawn(&identifier, arguments[0], &actions, nil, &pointers, environ) == 0 else {
            throw Failed(program: arguments[0])
        }
        self.identifier = identifier
    }

    deinit {
        end()
    }

    /// A program that could not be started.
    package struct Failed: Error {
        package let program: String
    }

    /// Kills it and all it has started.
    package func end() {
        hasEnded.withLock { hasEnded in
            guard !hasEnded else { return }
            hasEnded = true
            for process in [identifier] + descendants { kill(process, SIGKILL) }
            waitpid(identifier, nil, 0)
        }
    }

    /// The processes that it has started, and those that these have.
    package var descendants: [pid_t] { Self.descendants(of: identifier) }

    private static func descendants(of parent: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let children = names.compactMap { name -> pid_t? in
            guard let number = pid_t(name),
                let status = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                let fields = status.split(separator: ")").last?.split(separator: " ")
            else { return nil }
            return pid_t(fields[1]) == parent ? number : nil
        }
        return children.flatMap { [$0] + descendants(of: $0) }
    }
}
