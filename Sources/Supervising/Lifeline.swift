package import Diagnostics
import Glibc
import SQL

/// A pipe from a supervisor to each process it started, which nothing is ever written to: its end
/// tells the process that the supervisor is gone, even by SIGKILL.
///
/// Not `PR_SET_PDEATHSIG`: that one tells of the end of the thread that started the process, and
/// here threads come and go.
package enum Lifeline {
    /// Has this process drain and end when its standard input does.
    ///
    /// - Parameter drainSeconds: after so long it ends at once.
    /// - Throws: when there is no thread for it.
    package static func hold(drainSeconds: Int) throws(Failure) {
        // The supervisor reads what is said here; without it, saying something is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        do throws(SQLError) {
            try BlockingThread.start("lifeline") {
                var byte: UInt8 = 0
                while true {
                    let count = read(STDIN_FILENO, &byte, 1)
                    if count == 0 || (count < 0 && errno != EINTR) { break }
                }
                kill(getpid(), SIGTERM)
                sleep(UInt32(clamping: drainSeconds))
                kill(getpid(), SIGKILL)
            }
        } catch {
            throw .transient(.init(error.message))
        }
    }
}
