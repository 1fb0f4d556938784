internal import CCurl
internal import Diagnostics
internal import Glibc
internal import SQL
internal import Synchronization

/// Bytes on their way to another program, by libcurl.
struct Transfer: Sendable {
    /// By which rules they are sent.
    enum Manner: Sendable {
        /// By HTTP's POST, with these header lines.
        case post(headers: [String])
        case mail(Envelope)
        /// As they are, over TCP or TLS.
        case stream
    }

    /// What a mail server is told besides the mail.
    struct Envelope: Sendable {
        var sender: String
        var recipients: [String]
        var user: String?
        var password: String?
        var requiresTLS: Bool
    }

    var url: String
    var body: [UInt8]
    /// Certificates to trust in place of the system's.
    var caFile: String?
    var manner: Manner
    var timeoutSeconds = 30

    /// Asked for from another thread than the one that sends.
    private final class Stop: Sendable {
        let isAsked = Atomic(false)
    }

    /// Sends it, on a thread of its own, and waits for the answer.
    ///
    /// - Throws: `transient` when it has not arrived for certain.
    func run() async throws(Failure) {
        let stop = Stop()
        let result: Result<Void, Failure> = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<Void, Failure>, Never>) in
                let work: @Sendable () -> Void = {
                    continuation.resume(returning: self.send(until: stop))
                }
                do { try BlockingThread.start("transfer", work) } catch { work() }
            }
        } onCancel: {
            stop.isAsked.store(true, ordering: .relaxed)
        }
        try result.get()
    }

    private func send(until stop: Stop) -> Result<Void, Failure> {
        let words = Words()
        var request = ccurl_request()
        request.url = words.copy(url)
        request.ca_file = caFile.flatMap(words.copy)
        request.timeout_seconds = timeoutSeconds
        request.is_stopped = { context in
            guard let context else { return 0 }
            let stop = Unmanaged<Stop>.fromOpaque(context).takeUnretainedValue()
            return stop.isAsked.load(ordering: .relaxed) ? 1 : 0
        }
        request.context = Unmanaged.passUnretained(stop).toOpaque()
        var list: [UnsafePointer<CChar>?] = []
        var isStream = false
        switch manner {
        case .post(let headers): list = headers.map(words.copy)
        case .mail(let envelope):
            list = envelope.recipients.map(words.copy)
            request.sender = words.copy(envelope.sender)
            request.user = envelope.user.flatMap(words.copy)
            request.password = envelope.password.flatMap(words.copy)
            request.requires_tls = envelope.requiresTLS ? 1 : 0
        case .stream: isStream = true
        }
        let result = withExtendedLifetime((words, stop)) {
            body.withUnsafeBytes { body in
                list.withUnsafeBufferPointer { list in
                    request.body = body.baseAddress
                    request.body_length = body.count
                    (request.headers, request.header_count) = (list.baseAddress, list.count)
                    (request.recipients, request.recipient_count) = (list.baseAddress, list.count)
                    return isStream ? ccurl_stream(&request) : ccurl_send(&request)
                }
            }
        }
        return verdict(result)
    }

    private func verdict(_ result: ccurl_result) -> Result<Void, Failure> {
        guard result.code == 0 else {
            let message = withUnsafeBytes(of: result.message) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            return .failure(.transient(.init(message)))
        }
        if case .post = manner, !(200..<300).contains(result.status) {
            return .failure(.transient(.init("it answered with status \(result.status)")))
        }
        return .success(())
    }

    /// C strings that live as long as this does.
    private final class Words {
        private var all: [UnsafeMutablePointer<CChar>] = []

        func copy(_ text: String) -> UnsafePointer<CChar>? {
            guard let word = strdup(text) else { return nil }
            all.append(word)
            return UnsafePointer(word)
        }

        deinit {
            for word in all {
                explicit_bzero(word, strlen(word))
                free(word)
            }
        }
    }
}
