import CPosix
import Diagnostics
import Glibc
import Processes

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

    /// Starts the program that PATH finds under `arguments[0]`, with this process's environment
    /// and none of its open files.
    ///
    /// - Throws: `stalled` when there is no such program, `transient` when the system is short of
    ///   descriptors or processes.
    static func start(_ arguments: [String]) throws(Failure) -> (ChildProcess, Streams) {
        let (inputs, input) = try pipe()
        let (output, outputs) = try pipe()
        let (errorOutput, errorOutputs) = try pipe()
        let identifier = try Spawn.start(
            arguments, standard: [inputs.number, outputs.number, errorOutputs.number])
        let ending = Descriptor(owning: pidfd_open(identifier, 0))
        let streams = Streams(input: input, output: output, errorOutput: errorOutput)
        for stream in [streams.input, streams.output, streams.errorOutput] {
            stream.stopBlocking()
        }
        return (ChildProcess(identifier: identifier, ending: ending), streams)
    }

    private static func pipe() throws(Failure) -> (readEnd: Descriptor, writeEnd: Descriptor) {
        let pipe = try Pipe()
        return (Descriptor(owning: pipe.readEnd), Descriptor(owning: pipe.writeEnd))
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
