import Diagnostics
import Resources

/// Reads the files below folders of a storage, in order of path, within limits.
struct TreeWalker<Storage: TreeStorage> {
    typealias Entry = TreeEntry<Storage.Handle>

    let storage: Storage
    let limits: TreeLimits
    private(set) var findings: [Diagnostic] = []
    private var entryCount = 0
    private var byteCount = 0

    init(_ storage: Storage, limits: TreeLimits) {
        self.storage = storage
        self.limits = limits
    }

    /// A folder as it is walked; with links its name and its place may differ.
    private struct Folder {
        /// As messages name it.
        var shown: String
        /// Where it is: no component is a link.
        var real: String
        /// The real paths of the folders it was reached through, itself last.
        var active: [String]
    }

    /// Every file below `path` whose name is wanted, in order of path.
    ///
    /// Hidden names are skipped.
    ///
    /// - Throws: when the tree passes its limits.
    mutating func files(
        below path: String, real: String, skipping skipped: String? = nil,
        where isWanted: (String) -> Bool
    ) throws(TreeError) -> [SourceText] {
        var files: [SourceText] = []
        var pending = [Folder(shown: path, real: real, active: [real])]
        while let folder = pending.popLast() {
            for entry in sortedEntries(of: folder) where !entry.name.hasPrefix(".") {
                try count()
                let shown = TreePath.join(folder.shown, entry.name)
                guard shown != skipped, isReadable(entry, shown) else { continue }
                let real = TreePath.join(folder.real, entry.name)
                switch entry.sort {
                case .file:
                    if isWanted(entry.name) { try files.append(contentsOf: read(entry, shown)) }
                case .folder:
                    pending.append(
                        Folder(shown: shown, real: real, active: folder.active + [real]))
                case .link:
                    guard let (target, place) = follow(real, shown) else { continue }
                    if target.sort == .folder {
                        guard !folder.active.contains(place) else {
                            ignore(shown, "this link leads to a folder that it is in")
                            continue
                        }
                        pending.append(
                            Folder(shown: shown, real: place, active: folder.active + [place]))
                    } else if target.sort == .file, isWanted(entry.name) {
                        try files.append(contentsOf: read(target, shown))
                    }
                case .submodule: ignore(shown, "submodules are not read")
                case .other: break
                }
            }
        }
        return files.sorted { $0.file < $1.file }
    }

    private mutating func count() throws(TreeError) {
        entryCount += 1
        guard entryCount <= limits.entries else {
            throw .invalid(.fileTooLarge, "this tree has more than \(limits.entries) files")
        }
    }

    private mutating func sortedEntries(of folder: Folder) -> [Entry] {
        do throws(Failure) {
            return try storage.entries(of: folder.real).sorted { $0.name < $1.name }
        } catch {
            unreadable(folder.shown, error)
            return []
        }
    }

    private mutating func isReadable(_ entry: Entry, _ shown: String) -> Bool {
        guard !entry.hasReadableName else { return true }
        report(
            .treeUnreadable, shown, "this name is not readable",
            why: "names must be UTF-8 without control characters", fix: "rename it")
        return false
    }

    private mutating func read(_ file: Entry, _ shown: String) throws(TreeError) -> [SourceText] {
        let contents: TreeContents
        do throws(Failure) {
            contents = try storage.contents(of: file, limit: limits.fileBytes)
        } catch {
            unreadable(shown, error)
            return []
        }
        switch contents {
        case .tooLarge(let bytes):
            report(
                .fileTooLarge, shown, "this file is too large",
                why: "it has \(bytes) bytes, \(limits.fileBytes) are allowed",
                fix: "split it into several files")
            return []
        case .bytes(let bytes):
            byteCount += bytes.count
            guard byteCount <= limits.treeBytes else {
                throw .invalid(
                    .fileTooLarge, "this tree has more than \(limits.treeBytes) bytes of files")
            }
            return [SourceText(file: shown, bytes: bytes)]
        }
    }

    private mutating func unreadable(_ shown: String, _ failure: Failure) {
        report(
            .treeUnreadable, shown, "this can't be read", why: failure.report.message,
            fix: failure.report.fix)
    }

    private mutating func ignore(_ shown: String, _ summary: String) {
        report(.entryIgnored, shown, summary, severity: .warning, why: "it is ignored")
    }

    private mutating func report(
        _ code: DiagnosticCode, _ file: String, _ summary: String,
        severity: Diagnostic.Severity = .error, why: String? = nil, fix: String? = nil
    ) {
        findings.append(
            Diagnostic(
                code, summary, severity: severity,
                at: SourceLocation(file: file, line: 1, column: 1), why: why, fix: fix))
    }

    /// What a link leads to, and where that is; nil when it can't be followed, which is reported.
    mutating func follow(_ link: String, _ shown: String) -> (entry: Entry, place: String)? {
        do throws(Failure) {
            switch try LinkResolution.resolve(link, in: storage) {
            case .found(let entry, let place): return (entry, place)
            case .outside: ignore(shown, "this link leads out of the tree")
            case .missing: ignore(shown, "this link leads nowhere")
            case .endless: ignore(shown, "this link leads back to itself")
            }
        } catch {
            unreadable(shown, error)
        }
        return nil
    }
}
