import Resources

/// Jobs that are on a server already, as far as a document can say just the same.
extension CronJob: Adopter {
    static let folder = "cron"

    private static let tables = "/etc/cron.d"
    private static let units = "/etc/systemd/system"
    private static let scripts = ["hourly", "daily", "weekly", "monthly"].map { "/etc/cron.\($0)" }

    static func folders(_ request: AdoptionRequest) -> [String] {
        [tables, FileCommands.crontabDirectory, units] + scripts
    }

    static func looks(_ request: AdoptionRequest, _ listing: FolderListing) -> [Look] {
        let paths =
            listing.paths(in: tables) + listing.paths(in: FileCommands.crontabDirectory)
            + ["/etc/crontab"] + listing.paths(in: units).filter(isTimer)
            + scripts.flatMap(listing.paths)
        return paths.map { .file(path: $0, expected: nil) }
    }

    static func adopt(
        _ request: AdoptionRequest, _ listing: FolderListing, _ output: ProbeOutput
    ) -> Adoption {
        let hasTables = output.facts.hasCronDirectory
        var adoption = Adoption()
        for path in listing.paths(in: tables) where !path.hasSuffix("/.placeholder") {
            take(table(path, request, output), into: &adoption)
        }
        for path in listing.paths(in: FileCommands.crontabDirectory) {
            crontab(path, request, output, isRead: !hasTables, into: &adoption)
        }
        let system = output.paths["/etc/crontab"]
        if case .file(_, let content)? = system {
            for job in CronTable(content.text ?? "").jobLines where !isRunParts(job.text) {
                var left = LeftOut.file(
                    "/etc/crontab", "is the system's own table, and Stead keeps jobs elsewhere",
                    system, line: job.number)
                left.fix =
                    "move it to a file in /etc/cron.d" + (left.fix.map { ", or \($0)" } ?? "")
                adoption.left.append(left)
            }
        }
        for path in scripts.flatMap(listing.paths) where !path.hasSuffix("/.placeholder") {
            adoption.left.append(
                .file(path, "is a script that cron runs with others", output.paths[path]))
        }
        for path in listing.paths(in: units).filter(isTimer) {
            adoption.left.append(timer(path, request, output.paths[path]))
        }
        return adoption
    }

    private static func isTimer(_ path: String) -> Bool { path.hasSuffix(".timer") }

    private static func timer(
        _ path: String, _ request: AdoptionRequest, _ sighting: Sighting?
    ) -> LeftOut {
        if let owner = request.owner(ofPath: path) {
            return LeftOut(path, "is declared already, by \(owner)")
        }
        // Source: systemctl(1), "mask".
        if case .link("/dev/null") = sighting {
            return LeftOut(path, "is masked: systemd starts nothing for it")
        }
        return .file(path, "is a unit of its own making", sighting)
    }

    private static func take(
        _ result: Result<AdoptedDocument, AdoptedFile.Refusal>, into adoption: inout Adoption
    ) {
        switch result {
        case .success(let document): adoption.documents.append(document)
        case .failure(let refusal): adoption.left.append(refusal.left)
        }
    }

    /// The lines of Debian's own that run the scripts in `/etc/cron.daily` and the like.
    private static func isRunParts(_ line: Substring) -> Bool {
        line.contains("run-parts --report /etc/cron.")
    }

    // MARK: - Tables

    private static func table(
        _ path: String, _ request: AdoptionRequest, _ output: ProbeOutput
    ) -> Result<AdoptedDocument, AdoptedFile.Refusal> {
        func refuse(_ left: LeftOut) -> Result<AdoptedDocument, AdoptedFile.Refusal> {
            .failure(AdoptedFile.Refusal(left: left))
        }
        if let owner = request.owner(ofPath: path) {
            return refuse(LeftOut(path, "is declared already, by \(owner)"))
        }
        let name = String(path.dropFirst(tables.utf8.count + 1))
        let sighting = output.paths[path] ?? .unreadable(reason: "the host did not say what it is")
        switch AdoptedFile.text(of: path, sighting) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let (text, status)):
            guard status.mode == 0o644, status.userID == 0, status.groupID == 0 else {
                let mode = FileTarget.octal(status.mode)
                return refuse(
                    .file(
                        path,
                        "is \(status.owner):\(status.group) \(mode), and a job's table is "
                            + "root:root 0644", sighting))
            }
            do throws(CronTable.Problem) {
                let entry = try CronTable(text).entry()
                guard AdoptedName.isName(name) else {
                    return refuse(.file(path, "has a name that no document can have", sighting))
                }
                return document(name, entry, request, source: path, isTable: true)
            } catch {
                // It may quote what stands there.
                let reason = Redactor.redacted(error.reason)
                return refuse(.file(path, reason, sighting, line: error.line))
            }
        }
    }

    private static func document(
        _ name: String, _ entry: CronTable.Entry, _ request: AdoptionRequest, source: String,
        isTable: Bool
    ) -> Result<AdoptedDocument, AdoptedFile.Refusal> {
        let secret = AdoptedFile.secret(in: entry.words)
        if let secret, !request.includesSecrets {
            return .failure(AdoptedFile.Refusal(left: .secret(source, secret)))
        }
        var fields: [(name: String, value: WrittenValue)] = [
            ("server", .text(request.server)), ("schedule", .text(entry.schedule.text)),
        ]
        if entry.user != "root" { fields.append(("user", .text(entry.user))) }
        var environment = entry.environment
        if isTable, environment["PATH"] == CronJobDesired.usualPath { environment["PATH"] = nil }
        if !environment.isEmpty {
            fields.append(
                (
                    "environment",
                    .map(environment.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
                ))
        }
        fields.append(("command", .list(entry.command.map(WrittenValue.text))))
        var document = AdoptedDocument(
            CronJob.name, names: [name], isNameFixed: true, source: source, fields: fields)
        document.isSecret = secret != nil
        return .success(document)
    }

    // MARK: - Crontabs

    /// Of a crontab only the lines that Stead has written are a job of its own.
    private static func crontab(
        _ path: String, _ request: AdoptionRequest, _ output: ProbeOutput, isRead: Bool,
        into adoption: inout Adoption
    ) {
        let user = String(path.dropFirst(FileCommands.crontabDirectory.utf8.count + 1))
        let sighting = output.paths[path] ?? .unreadable(reason: "the host did not say what it is")
        // Which crontabs have changed.
        guard user != "cron.update" else { return }
        switch AdoptedFile.text(of: path, sighting) {
        case .failure(let refusal): adoption.left.append(refusal.left)
        case .success(let (text, _)):
            var ours: Set<Int> = []
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where isRead && index + 2 < lines.count {
                let mark = "# stead: cron-job/"
                guard line.hasPrefix(mark) else { continue }
                let name = String(line.dropFirst(mark.count))
                guard lines[index + 2] == "# stead: end cron-job/\(name)",
                    var entry = try? CronTable.entry(of: lines[index + 1], hasUser: false)
                else { continue }
                entry.user = user
                let job = CronJobDesired(
                    name: name, scheduler: .cron, schedule: entry.schedule, timezone: nil,
                    user: user, command: entry.command)
                let block = lines[index...(index + 2)].map { "\($0)\n" }.joined()
                // With variables of its own, or changed by somebody.
                guard CrontabBlock(job).text == block else { continue }
                ours.insert(index + 2)
                if let owner = request.owner(ofPath: "\(tables)/\(name)") {
                    adoption.left.append(
                        LeftOut("\(path):\(index + 2)", "is declared already, by \(owner)"))
                    continue
                }
                let source = "\(path):\(index + 2)"
                take(
                    document(name, entry, request, source: source, isTable: false), into: &adoption)
            }
            let reason =
                isRead
                ? "is a line of \(user)'s crontab that Stead has not written"
                : "is a line of \(user)'s crontab, and Stead keeps jobs in /etc/cron.d there"
            for job in CronTable(text).jobLines where !ours.contains(job.number) {
                adoption.left.append(
                    LeftOut(
                        "\(path):\(job.number)", reason,
                        fix: "write a CronJob for it, and remove the line when that is applied"))
            }
        }
    }
}
