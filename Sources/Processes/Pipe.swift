import CPosix
package import Diagnostics
import Glibc

/// Both ends of a pipe, which no other program inherits; each has to be closed.
package struct Pipe {
    package let readEnd: Int32
    package let writeEnd: Int32

    /// - Throws: `transient` when the process has no descriptor left.
    package init() throws(Failure) {
        var numbers: [Int32] = [-1, -1]
        guard pipe2(&numbers, O_CLOEXEC) == 0 else {
            throw .transient(.init("cannot make a pipe: \(SystemError.current)"))
        }
        readEnd = numbers[0]
        writeEnd = numbers[1]
    }
}
