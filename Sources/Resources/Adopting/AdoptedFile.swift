/// Files that may be described.
package enum AdoptedFile {
    /// Why a file is not described.
    package struct Refusal: Error {
        package var left: LeftOut

        package init(left: LeftOut) {
            self.left = left
        }
    }

    /// The text of a regular file, and its status.
    package static func text(of path: String, _ sighting: Sighting)
        -> Result<(String, FileStatus), Refusal>
    {
        func refuse(_ reason: String) -> Result<(String, FileStatus), Refusal> {
            .failure(Refusal(left: LeftOut(path, reason)))
        }
        switch sighting {
        case .absent: return refuse("is not there")
        case .link(let target): return refuse("is a symbolic link to \(target)")
        case .directory: return refuse("is a directory")
        case .other(let description): return refuse("is \(description)")
        case .unreadable(let reason): return refuse("can't be read: \(reason)")
        case .file(let status, let content):
            guard content.bytes != nil else {
                return refuse("has more than \(Look.contentLimit >> 10) KiB")
            }
            guard let text = content.text else {
                return refuse("is no text in UTF-8, which a document could hold")
            }
            return .success((text, status))
        }
    }

    /// Why a text is not one for everybody to read; nil when nothing in it looks like a secret.
    package static func secret(in text: String) -> String? {
        if text.contains("PRIVATE KEY-----") { return "holds a private key" }
        return Redactor.redacted(text) == text ? nil : "holds what looks like a secret"
    }

    /// Why a file is not one for everybody to read.
    package static func secret(in text: String, _ status: FileStatus) -> String? {
        if status.mode & 0o004 == 0 {
            let digits = String(status.mode, radix: 8)
            let mode = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            return "is not for everybody to read (mode \(mode))"
        }
        return secret(in: text)
    }
}
