import Resources

/// All looks of one host as one POSIX shell script.
///
/// It answers in lines that begin with a nonce, so that nothing a host prints besides (a banner, a
/// profile's echo) and nothing a file holds can be mistaken for an answer:
///
///     NONCE begin
///     NONCE facts INIT CRON
///     NONCE absent PATH                  NONCE hidden REASON PATH
///     NONCE stat MODE UID GID OWNER GROUP SIZE PATH
///     NONCE same PATH                    a link that leads where it should
///     NONCE target PATH ⏎ text ⏎ NONCE close
///     NONCE content PATH ⏎ bytes ⏎ NONCE close
///     NONCE large DIGEST PATH            a file too large to fetch
///     NONCE compared COUNT               how many files were held against their digests
///     NONCE output INDEX ⏎ text ⏎ NONCE status CODE
///     NONCE end
///
/// What it costs a converged host: one shell, one `stat`, one `sha256sum`, one `sed`, however many
/// files there are; directory entries and links are looked at by the shell itself.
struct ObservationScript: Sendable {
    let nonce: Nonce
    /// In the order of their `output INDEX`.
    let commands: [Look]
    /// By path: the targets that links are expected to have.
    let linkTargets: [String: String]
    /// By path: the digests that files are held against.
    let expectations: [String: Set<Digest>]
    /// By the path of their crontab.
    let crontabUsers: [String: String]

    /// Takes looks in any order; equal ones are done once.
    init(_ looks: some Sequence<Look>, nonce: Nonce = Nonce()) {
        var files: [String: Set<Digest>] = [:]
        var links: [String: String] = [:]
        var crontabs: [String: String] = [:]
        var commands: [Look] = []
        var seen: Set<Look> = []
        for look in looks {
            switch look {
            case .file(let path, let expected):
                files[path, default: []].formUnion(expected.map { [$0] } ?? [])
            case .link(let path, let target):
                links[path] = target
            case .crontab(let user):
                crontabs["/var/spool/cron/crontabs/" + user] = user
            case .command:
                if seen.insert(look).inserted { commands.append(look) }
            }
        }
        self.nonce = nonce
        self.commands = commands
        linkTargets = links
        expectations = files
        crontabUsers = crontabs
    }

    /// The script itself, made anew each time: it is long, and needed once.
    func text() -> [UInt8] {
        var script = Self.prologue(nonce)
        let files = expectations.keys.sorted()
        for chunk in files.chunked(byteLimit: Self.chunkBytes) {
            script += "files \(ShellText.quoted(chunk))\n"
        }
        for (path, target) in linkTargets.sorted(by: { $0.key < $1.key }) {
            script += "link \(ShellText.quoted([path, target]))\n"
        }
        for chunk in linkTargets.keys.sorted().chunked(byteLimit: Self.chunkBytes) {
            script += "status \(ShellText.quoted(chunk))\n"
        }
        script += comparisons
        for path in crontabUsers.keys.sorted() {
            script += "[ -d /etc/cron.d ] || whole \(ShellText.quoted(path))\n"
        }
        for (index, look) in commands.enumerated() {
            guard case .command(let command, let arguments) = look else { continue }
            script += "ask \(index) \(ShellText.quoted([command] + arguments))\n"
        }
        script += "say end\n"
        return Array(script.utf8)
    }

    /// `sha256sum -c` reads names with backslashes as escaped, so those are compared one by one.
    private var comparisons: String {
        let pairs = expectations.flatMap { path, digests in
            digests.map { (path: path, digest: $0.hexadecimal) }
        }.sorted { ($0.path, $0.digest) < ($1.path, $1.digest) }
        let plain = pairs.filter { !$0.path.contains("\\") }
        var script = ""
        if !plain.isEmpty {
            let lines = plain.map { "expect \($0.digest) \(ShellText.quoted($0.path))\n" }.joined()
            script += "{\n\(lines)} | compare\n"
        }
        for pair in pairs where pair.path.contains("\\") {
            script += "single \(pair.digest) \(ShellText.quoted(pair.path))\n"
        }
        for path in expectations.filter({ $0.value.isEmpty }).keys.sorted() {
            script += "fetch \(ShellText.quoted(path))\n"
        }
        return script
    }

    /// Well under the 128 KiB that one argument may have, and the 2 MiB that all of them may.
    private static let chunkBytes = 100_000
}

extension [String] {
    /// The strings in order, in groups of at most `byteLimit` bytes (but at least one string).
    fileprivate func chunked(byteLimit: Int) -> [[String]] {
        var chunks: [[String]] = []
        var size = 0
        for string in self {
            size += string.utf8.count + 3
            if chunks.isEmpty || size > byteLimit {
                chunks.append([])
                size = string.utf8.count + 3
            }
            chunks[chunks.count - 1].append(string)
        }
        return chunks
    }
}
