import CGit2
import Diagnostics
import Synchronization

/// libgit2 itself: its start, and its errors.
///
/// The library is touched in this folder alone.
///
/// Source: the headers of libgit2 1.5.
enum GitLibrary {
    /// Starts the library once.
    ///
    /// Repositories of other users are read as well: Stead reads objects
    /// and refs, and runs nothing that a repository names.
    static let start: Void = {
        git_libgit2_init()
        _ = git_set_owner_validation(0)
    }()

    /// Whose certificates are trusted: the library has one answer for the whole process.
    private static let trusted = Mutex<String?>(nil)

    /// Has the library trust the authorities in a file in PEM.
    static func trust(_ file: String) throws(GitError) {
        let code = trusted.withLock { trusted in
            guard trusted != file else { return Int32(0) }
            let code = git_set_certificate_file(file)
            if code == 0 { trusted = file }
            return code
        }
        try check(code)
    }

    /// What a call that returned `code` went wrong with.
    static func error(_ code: Int32) -> GitError {
        guard let last = git_error_last() else {
            return GitError(code: code, sort: 0, message: "libgit2 error \(code)")
        }
        return GitError(
            code: code, sort: last.pointee.klass, message: String(cString: last.pointee.message))
    }

    /// - Throws: the library's own message when `code` is negative.
    static func check(_ code: Int32) throws(GitError) {
        guard code < 0 else { return }
        throw error(code)
    }
}

/// What libgit2 says when it can't do something.
struct GitError: Error {
    /// One of `git_error_code`.
    var code: Int32
    /// One of `git_error_t`.
    var sort: Int32
    var message: String

    var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }

    /// The failure of an operation on a repository that is here.
    func failure(_ doing: String) -> Failure { .stalled(.init("cannot \(doing): \(message)")) }
}
