import CGit2
package import Diagnostics
import Glibc

/// A repository that is pushed to.
package enum BareRepository {
    /// Makes a bare repository, or takes the one that is there.
    ///
    /// - Parameters:
    ///   - path: its folder.
    ///   - branch: the first branch of a new one; nil for `main`.
    /// - Returns: the branch that its HEAD names.
    /// - Throws: when something else is there, or it can't be made.
    package static func prepare(at path: String, branch: String?) throws(Failure) -> String {
        do throws(GitError) {
            if access("\(path)/HEAD", F_OK) != 0, access("\(path)/.git", F_OK) != 0 {
                try make(at: path, branch: branch ?? "main")
            }
            let repository = try GitRepository(path: path)
            guard git_repository_is_bare(repository.pointer) == 1 else {
                throw GitError(code: -1, sort: 0, message: "it has files checked out")
            }
            return try repository.headName
        } catch {
            throw .stalled(
                .init(
                    "cannot take \(path) as a repository to push to: \(error.message)",
                    fix: "name a bare repository, or a folder that is not there yet"))
        }
    }

    private static func make(at path: String, branch: String) throws(GitError) {
        GitLibrary.start
        var options = git_repository_init_options()
        git_repository_init_options_init(
            &options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        options.flags =
            GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
            | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
        var repository: OpaquePointer?
        let code = branch.withCString { name in
            options.initial_head = name
            return git_repository_init_ext(&repository, path, &options)
        }
        try GitLibrary.check(code)
        git_repository_free(repository)
    }
}

extension GitRepository {
    /// The branch that HEAD names, whether it has a commit or not.
    fileprivate var headName: String {
        get throws(GitError) {
            var head: OpaquePointer?
            try GitLibrary.check(git_reference_lookup(&head, pointer, "HEAD"))
            defer { git_reference_free(head) }
            guard let name = git_reference_symbolic_target(head).map({ String(cString: $0) }),
                name.hasPrefix("refs/heads/")
            else { throw GitError(code: -1, sort: 0, message: "its HEAD names no branch") }
            return String(name.dropFirst("refs/heads/".count))
        }
    }
}
