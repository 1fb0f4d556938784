import Logging

/// Passes lines on and takes no metadata: Hummingbird puts a number of its own on each request's
/// logger, which nobody reads, for the gateway's access log has a trace id.
struct BareLogHandler: LogHandler {
    private var inner: any LogHandler
    var logLevel: Logger.Level

    init(_ inner: any LogHandler, level: Logger.Level) {
        self.inner = inner
        logLevel = level
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        inner.log(event: event)
    }
}
