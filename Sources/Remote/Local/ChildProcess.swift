import CPosix
import Diagnostics
import Glibc
import Synchronization

/// A process of this machine, the leader of a process group of its own. Nothing here waits. Has to
/// be reaped.
struct ChildProcess: Sendable {
    /// Our ends of a process's standard streams.
    struct Streams {
        var input: Descriptor
        var output: Descriptor
        var errorOutput: Descriptor
    }

    let identifier: pid_t
    /// Readable once the process has ended.
    let ending: Descriptor

    /// Between the making of a pipe and its being marked as not inherited no other process may
    /// start: it would keep the pipe open.
    private static let starting = Mutex(())

    /// Starts the program that PATH finds under `arguments[0]`, with this process's environment
    /// and none of its open files.
    ///
    /// - Throws: `stalled` when there is no such program, `transient` when the system is short of
    ///   descriptors or processes.
    static func start(_ arguments: [String]) throws(Failure) -> (ChildProcess, Streams) {
        let started = starting.withLock { _ in
            Result { () throws(Failure) in try startAlone(arguments) }
        }
        return try started.get()
    }

    private static func startAlone(_ arguments: [String]) throws(Failure)
        -> (ChildProcess, Streams)
    {
        let input = try Pipe()
        let output = try Pipe()
        let errorOutput = try Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, end) in [input.readEnd, output.writeEnd, errorOutput.writeEnd].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, end.number, Int32(number))
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        let identifier = try spawn(arguments, &actions)
        let ending = Descriptor(owning: pidfd_open(identifier, 0))
        let streams = Streams(
            input: input.writeEnd, output: output.readEnd, errorOutput: errorOutput.readEnd)
        for stream in [streams.input, streams.output, streams.errorOutput] {
            stream.stopBlocking()
        }
        return (ChildProcess(identifier: identifier, ending: ending), streams)
    }

    private static func spawn(
        _ arguments: [String], _ actions: inout posix_spawn_file_actions_t
    ) throws(Failure) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals as a program expects them, not as this process has set them.
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var identifier: pid_t = 0
        let code = posix_spawnp(
            &identifier, arguments[0], &actions, &attributes, &pointers, environ)
        guard code != 0 else { return identifier }
        let report = Failure.Report("cannot start \(arguments[0]): \(SystemError(code: code))")
        throw code == ENOENT || code == EACCES ? .stalled(report) : .transient(report)
    }

    /// The exit status once the process has ended; 128 and the signal's number when one ended it.
    func reap() -> Int? {
        var status: Int32 = 0
        let result = waitpid(identifier, &status, WNOHANG)
        guard result != 0 else { return nil }
        guard result == identifier else { return 255 }
        let signal = status & 0x7F
        return signal == 0 ? Int(status >> 8 & 0xFF) : 128 + Int(signal)
    }

    /// Sends a signal to the process and all that it started and that stayed in its group.
    func signal(_ number: Int32) {
        kill(-identifier, number)
    }
}

/// Both ends of a pipe, marked as not inherited.
private struct Pipe {
    let readEnd: Descriptor
    let writeEnd: Descriptor

    init() throws(Failure) {
        var numbers: [Int32] = [-1, -1]
        guard pipe(&numbers) == 0 else {
            throw .transient(.init("cannot make a pipe: \(SystemError.current)"))
        }
        for number in numbers { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
        readEnd = Descriptor(owning: numbers[0])
        writeEnd = Descriptor(owning: numbers[1])
    }
}
