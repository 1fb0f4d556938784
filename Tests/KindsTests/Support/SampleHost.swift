import Glibc
import Resources

/// A host whose root is a folder: commands run in a real shell, with every path among their
/// arguments moved into the folder; looks are answered from the file system.
struct SampleHost {
    let folder = Folder()
    let shell: Shell
    let facts: HostFacts

    init(_ shell: Shell = .dash, _ facts: HostFacts = .debian) {
        self.shell = shell
        self.facts = facts
        Folder.makeFolders(path("/run"))
        Folder.makeFolders(
            path(facts.hasCronDirectory ? "/etc/cron.d" : FileCommands.crontabDirectory))
    }

    /// A path of the host, here.
    func path(_ path: String) -> String { folder.path + path }

    @discardableResult
    func run(_ step: Step) -> Shell.Ending { run(step.command) }

    func run(_ command: Command) -> Shell.Ending {
        shell.run(
            "stead_quarantine='\(folder.path)/quarantine'\n" + Self.systemctl + command.script,
            command.arguments.map { $0.hasPrefix("/") ? path($0) : $0 },
            input: command.input?.bytes ?? [], in: folder)
    }

    func answer(_ looks: [Look]) -> ProbeOutput {
        var output = ProbeOutput(facts: facts)
        for look in looks {
            switch look {
            case .file(let path, let expected):
                output.paths[path] = sighting(of: path, expected: expected)
            case .link(let path, _): output.paths[path] = sighting(of: path, expected: nil)
            case .crontab(let user):
                guard !facts.hasCronDirectory else { continue }
                output.crontabs[user] = sighting(
                    of: FileCommands.crontabDirectory + "/" + user, expected: nil)
            case .command(let script, let arguments):
                let ending = run(Command(script, arguments))
                let lines = ending.output.split(separator: "\n", omittingEmptySubsequences: false)
                output.commands[look] = CommandSighting(
                    status: ending.status,
                    output: lines.reversed().drop { $0.isEmpty }.reversed()
                        .joined(separator: "\n"))
            // No kind that lives on a host asks a database.
            case .database: break
            }
        }
        return output
    }

    func assess(_ resource: any Resource, _ intent: Intent = Intent()) throws -> Assessment {
        try resource.assess(answer(resource.looks), intent)
    }

    private func sighting(of name: String, expected: Digest?) -> Sighting {
        var status = stat()
        guard lstat(path(name), &status) == 0 else { return .absent }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            let content = Content(Folder.read(path(name)) ?? [])
            let isKnown = content.digest == expected
            return .file(
                fileStatus(status),
                isKnown ? Content(digest: content.digest, size: content.size) : content)
        case S_IFDIR: return .directory(fileStatus(status))
        case S_IFLNK: return .link(target: target(of: name))
        default: return .other(description: "special file")
        }
    }

    private func target(of name: String) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                characters.baseAddress.map { readlink(path(name), $0, characters.count) } ?? 0
            }
        }
        let target = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        return target.hasPrefix(folder.path + "/")
            ? String(target.dropFirst(folder.path.count)) : target
    }

    /// What root's namespace made is root's, wherever the tests run under another account.
    private func fileStatus(_ status: stat) -> FileStatus {
        let user = status.st_uid == geteuid() ? 0 : status.st_uid
        let group = status.st_gid == getegid() ? 0 : status.st_gid
        return FileStatus(
            mode: UInt16(status.st_mode & 0o7777), userID: Int(user), groupID: Int(group),
            owner: getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "\(user)",
            group: getgrgid(group).map { String(cString: $0.pointee.gr_name) } ?? "\(group)")
    }

    /// All that is on the host, a line a path, but for what tells crond of a change.
    var snapshot: [String] {
        var lines: [String] = []
        var pending = ["/etc", "/srv", "/var", "/run"]
        while let name = pending.popLast() {
            var status = stat()
            guard lstat(path(name), &status) == 0, !name.hasSuffix("cron.update") else { continue }
            let mode = String(status.st_mode & 0o7777, radix: 8)
            let owner = "\(status.st_uid):\(status.st_gid)"
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                lines.append("\(name)/ \(mode) \(owner)")
                pending += Folder.names(in: path(name)).map { "\(name)/\($0)" }
            case S_IFLNK: lines.append("\(name) -> \(target(of: name))")
            default:
                let content = Content(Folder.read(path(name)) ?? [])
                lines.append("\(name) \(mode) \(owner) \(content.digest.short)")
            }
        }
        return lines.sorted()
    }
}

extension HostFacts {
    static let debian = HostFacts(initSystem: .systemd, hasCronDirectory: true)
    static let alpine = HostFacts(initSystem: .openrc, hasCronDirectory: false)
}
