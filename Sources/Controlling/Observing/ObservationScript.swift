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
    let expectations: [String: [Digest]]
    /// By the path of their crontab.
    let crontabUsers: [String: String]

    /// Takes looks in any order; equal ones are done once.
    init(_ looks: some Sequence<Look>, nonce: Nonce = Nonce()) {
        var files: [String: [Digest]] = [:]
        var links: [String: String] = [:]
        var crontabs: [String: String] = [:]
        var commands: [Look] = []
        var seen: Set<Look> = []
        for look in looks {
            switch look {
            case .file(let path, let expected):
                let digests = files[path, default: []]
                let isNew = expected.map { !digests.contains($0) } ?? false
                files[path] = digests + (isNew ? [expected].compactMap(\.self) : [])
            case .link(let path, let target):
                links[path] = target
            case .crontab(let user):
                crontabs["/var/spool/cron/crontabs/" + user] = user
            case .command:
                if seen.insert(look).inserted { commands.append(look) }
            // No host is asked what a database holds.
            case .database: break
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
        var script = Array(Self.prologue(nonce).utf8)
        let files = expectations.keys.sorted()
        for chunk in files.chunked(byteLimit: Self.chunkBytes) {
            script += "files \(ShellText.quoted(chunk))\n".utf8
        }
        for (path, target) in linkTargets.sorted(by: { $0.key < $1.key }) {
            script += "link \(ShellText.quoted([path, target]))\n".utf8
        }
        for chunk in linkTargets.keys.sorted().chunked(byteLimit: Self.chunkBytes) {
            script += "status \(ShellText.quoted(chunk))\n".utf8
        }
        writeComparisons(to: &script)
        for path in crontabUsers.keys.sorted() {
            script += "[ -d /etc/cron.d ] || whole \(ShellText.quoted(path))\n".utf8
        }
        for (index, look) in commands.enumerated() {
            guard case .command(let command, let arguments) = look else { continue }
            script += "ask \(index) \(ShellText.quoted([command] + arguments))\n".utf8
        }
        script += "say end\n".utf8
        return script
    }

    /// `sha256sum -c` reads names with backslashes as escaped, so those are compared one by one.
    private func writeComparisons(to script: inout [UInt8]) {
        let paths = expectations.keys.sorted()
        let plain = paths.filter { !$0.utf8.contains(UInt8(ascii: "\\")) }
        func write(_ command: String, _ path: String) {
            let digests = (expectations[path] ?? []).map(\.hexadecimal).sorted()
            for digest in digests {
                script += "\(command) \(digest) \(ShellText.quoted(path))\n".utf8
            }
        }
        if plain.contains(where: { expectations[$0]?.isEmpty == false }) {
            script += "{\n".utf8
            for path in plain { write("expect", path) }
            script += "} | compare\n".utf8
        }
        for path in paths where path.utf8.contains(UInt8(ascii: "\\")) { write("single", path) }
        for path in paths where expectations[path]?.isEmpty == true {
            script += "fetch \(ShellText.quoted(path))\n".utf8
        }
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
