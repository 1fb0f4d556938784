package import Foundation

/// A folder of one test's own, gone when the test is.
package final class Scratch: Sendable {
    package let root: String

    /// - Throws: when the folder can't be made.
    package init() throws {
        root = NSTemporaryDirectory() + "stead-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    package func path(_ name: String) -> String { root + "/" + name }

    package func url(_ name: String) -> URL { URL(fileURLWithPath: path(name)) }

    /// Writes a file, making its folders.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        let url = url(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return path(name)
    }

    /// Writes a file that its owner alone may read, making its folders.
    @discardableResult
    package func secret(_ name: String, _ text: String) throws -> String {
        let path = try write(name, text)
        chmod(path, 0o600)
        return path
    }

    /// A file's text, invalid UTF-8 repaired.
    package func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: url(name)), as: UTF8.self)
    }

    /// Makes a folder.
    @discardableResult
    package func directory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            at: url(name), withIntermediateDirectories: true)
        return path(name)
    }

    /// Makes a symbolic link.
    @discardableResult
    package func link(_ name: String, to target: String) throws -> String {
        try FileManager.default.createSymbolicLink(
            atPath: path(name), withDestinationPath: target)
        return path(name)
    }

    package func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(name))
    }

    package func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
    }
}
