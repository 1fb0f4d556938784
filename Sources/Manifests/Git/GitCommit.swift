import CGit2
import Resources

/// One commit of an open repository.
final class GitCommit {
    let pointer: OpaquePointer

    /// Takes ownership of `pointer`.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        git_commit_free(pointer)
    }

    var revision: Revision {
        Revision(
            id: git_commit_id(pointer).map { GitObject.digits(of: $0.pointee) } ?? "",
            author: author, subject: git_commit_summary(pointer).map { String(cString: $0) })
    }

    private var author: String? {
        guard let signature = git_commit_author(pointer) else { return nil }
        let name = signature.pointee.name.map { String(cString: $0) } ?? ""
        let address = signature.pointee.email.map { String(cString: $0) } ?? ""
        return "\(name) <\(address)>"
    }
}

/// Object ids.
enum GitObject {
    /// All 40 digits.
    static func digits(of id: git_oid) -> String {
        var id = id
        var digits = [CChar](repeating: 0, count: 41)
        git_oid_tostr(&digits, digits.count, &id)
        return String(decoding: digits.prefix(40).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
