import Glibc

/// The operating system's words for an error number, in lower case as messages here are.
struct SystemError: CustomStringConvertible {
    let code: Int32

    /// What the last system call of this thread said.
    static var current: SystemError { SystemError(code: errno) }

    var description: String {
        guard let text = strerror(code) else { return "error \(code)" }
        let message = String(cString: text)
        return message.prefix(1).lowercased() + message.dropFirst()
    }
}
