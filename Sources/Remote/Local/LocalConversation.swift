import Diagnostics
import Glibc

/// What is still to be written to a process, and what it has printed.
struct LocalConversation {
    let child: ChildProcess
    var buffer: OutputBuffer
    private var unsent: ArraySlice<UInt8> = []
    private var input: Descriptor?
    private var output: Descriptor?
    private var errorOutput: Descriptor?
    private var endsInput = false

    /// Starts a process to talk with.
    init(_ arguments: [String], _ buffer: OutputBuffer) throws(Failure) {
        let (child, streams) = try ChildProcess.start(arguments)
        self.child = child
        self.buffer = buffer
        input = streams.input
        output = streams.output
        errorOutput = streams.errorOutput
    }

    mutating func send(_ bytes: [UInt8], thenEnd endsInput: Bool) {
        unsent += bytes
        self.endsInput = endsInput
    }

    /// Whether the process has closed all its output.
    var isAtEnd: Bool { output == nil && errorOutput == nil }

    /// What to wait for before the next `exchange`.
    var interests: [PollLoop.Interest] {
        let writer = wantsToWrite ? input : nil
        let readers = [output, errorOutput].compactMap { $0 }
        return readers.map { .init(descriptor: $0.number, events: POLLIN) }
            + (writer.map { [.init(descriptor: $0.number, events: POLLOUT)] } ?? [])
    }

    private var wantsToWrite: Bool { !unsent.isEmpty || endsInput }

    /// Writes and reads as much as goes without waiting.
    ///
    /// - Throws: `stalled` when more has come than allowed.
    mutating func exchange() throws(Failure) {
        write()
        try Self.read(&errorOutput, into: &buffer, isError: true)
        try Self.read(&output, into: &buffer, isError: false)
    }

    private mutating func write() {
        guard wantsToWrite, let pipe = input else { return }
        if !unsent.isEmpty, pipe.isReady(for: POLLOUT) {
            // A process may end without reading all of its input; its status says whether that
            // was a mistake.
            guard let count = pipe.write(unsent) else {
                unsent = []
                input = nil
                return
            }
            unsent = unsent.dropFirst(count)
        }
        if unsent.isEmpty, endsInput { input = nil }
    }

    private static func read(
        _ pipe: inout Descriptor?, into buffer: inout OutputBuffer, isError: Bool
    ) throws(Failure) {
        guard let stream = pipe, stream.isReady(for: POLLIN),
            let bytes = stream.read(limit: 64 << 10)
        else { return }
        if bytes.isEmpty { pipe = nil }
        try buffer.append(bytes, isError: isError)
    }
}
