import SQL

/// Work that blocks its thread, such as a client library's: not on a thread that others wait for.
enum Blocking {
    static func run<Value: Sendable, Problem: Error>(
        _ name: String, _ body: @escaping @Sendable () throws(Problem) -> Value
    ) async -> Result<Value, Problem> {
        await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, Problem>, Never>) in
            let work: @Sendable () -> Void = {
                do throws(Problem) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            // Without a thread of its own it is done all the same.
            do { try BlockingThread.start(name, work) } catch { work() }
        }
    }
}
