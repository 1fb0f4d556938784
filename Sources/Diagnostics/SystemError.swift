import Glibc

/// The operating system's words for an error number, in lower case as messages here are.
package struct SystemError: CustomStringConvertible {
    package let code: Int32

    /// - Parameter code: a value of `errno`.
    package init(code: Int32) { self.code = code }

    /// What the last system call of this thread said.
    package static var current: SystemError { SystemError(code: errno) }

    package var description: String {
        guard let text = strerror(code) else { return "error \(code)" }
        let message = String(cString: text)
        return message.prefix(1).lowercased() + message.dropFirst()
    }
}
