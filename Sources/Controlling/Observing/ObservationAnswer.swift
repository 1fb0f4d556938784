import Diagnostics
import Resources

/// Reads what an `ObservationScript` printed.
///
/// Distrusts it: an answer without its end, a digest count that doesn't add up, a path nobody asked
/// for, are failures, never an absence.
struct ObservationAnswer {
    private let script: ObservationScript
    private var reader: AnswerReader
    private var facts: HostFacts?
    private var stats: [String: StatLine] = [:]
    private var sightings: [String: Sighting] = [:]
    private var contents: [String: Content] = [:]
    private var outputs: [Int: CommandSighting] = [:]
    private var compared = 0
    private var hasEnded = false

    /// - Throws: `stalled` when the host lacks a tool or answers nonsense, `transient` when the
    ///   answer is cut short or changed while it was looked at.
    static func read(_ output: [UInt8], of script: ObservationScript) throws(Failure)
        -> ProbeOutput
    {
        var answer = ObservationAnswer(
            script: script, reader: AnswerReader(output, marker: script.nonce.bytes))
        try answer.readLines()
        return try answer.finish()
    }

    private init(script: ObservationScript, reader: AnswerReader) {
        self.script = script
        self.reader = reader
    }

    private mutating func readLines() throws(Failure) {
        while let line = reader.nextLine() {
            let (word, rest) = line.splitWord()
            switch word {
            case "begin": break
            case "lacks":
                throw .stalled(
                    .init(
                        "the host has no `\(rest)`",
                        fix: "install coreutils, or a busybox that has it"))
            case "facts": facts = Self.facts(rest)
            case "absent": sightings[rest] = .absent
            case "hidden": readHidden(rest)
            case "stat": readStat(rest)
            case "same": sightings[rest] = script.linkTargets[rest].map { .link(target: $0) }
            case "target": sightings[rest] = .link(target: try text(reader.blob()))
            case "content": contents[rest] = Content(try reader.blob())
            case "large": readLarge(rest)
            case "compared": compared += Int(rest) ?? 0
            case "output": try readOutput(rest)
            case "end": hasEnded = true
            default: throw Self.nonsense("an unknown answer `\(word)`")
            }
        }
    }

    private func finish() throws(Failure) -> ProbeOutput {
        guard hasEnded, let facts else {
            throw .transient(.init("the host's answer is cut short"))
        }
        try checkComparisons()
        var output = ProbeOutput(facts: facts)
        for path in script.expectations.keys { output.paths[path] = sighting(of: path) }
        for path in script.linkTargets.keys { output.paths[path] = sighting(of: path) }
        for (path, user) in script.crontabUsers where !facts.hasCronDirectory {
            output.crontabs[user] = sighting(of: path)
        }
        for (index, look) in script.commands.enumerated() { output.commands[look] = outputs[index] }
        return output
    }

    private func sighting(of path: String) -> Sighting? {
        if let sighting = sightings[path] { return sighting }
        guard let stat = stats[path] else { return nil }
        switch stat.type {
        case .file:
            guard let content = contents[path] ?? matched(path, size: stat.size) else { return nil }
            return .file(stat.status, content)
        case .directory: return .directory(stat.status)
        // Its target came in a line of its own; without one the link vanished in between.
        case .link: return nil
        case .other(let description): return .other(description: description)
        }
    }

    /// A file that no line said differs has the one digest it was held against.
    private func matched(_ path: String, size: Int) -> Content? {
        guard let expected = script.expectations[path], expected.count == 1 else { return nil }
        return expected.first.map { Content(digest: $0, size: size) }
    }

    /// Silence means "as expected", so the host must say how many files it compared: a `sha256sum`
    /// that died would otherwise pass for one that found nothing.
    private func checkComparisons() throws(Failure) {
        var expected = 0
        for (path, digests) in script.expectations {
            guard let stat = stats[path], case .file = stat.type, sightings[path] == nil else {
                continue
            }
            expected += digests.count
        }
        guard compared == expected else {
            throw .transient(
                .init(
                    "the host compared \(compared) of \(expected) files",
                    fix: "files changed while it looked, or `sha256sum` failed: try again"))
        }
    }
}

// MARK: - Lines

extension ObservationAnswer {
    private mutating func readHidden(_ rest: String) {
        let (reason, path) = rest.splitWord()
        sightings[path] = .unreadable(
            reason: reason == "permission" ? "permission denied" : reason)
    }

    private mutating func readStat(_ rest: String) {
        guard let stat = StatLine(rest) else { return }
        stats[stat.path] = stat
    }

    private mutating func readLarge(_ rest: String) {
        let (hexadecimal, path) = rest.splitWord()
        guard let digest = Digest(hexadecimal: hexadecimal) else { return }
        contents[path] = Content(digest: digest, size: stats[path]?.size ?? 0)
    }

    private mutating func readOutput(_ rest: String) throws(Failure) {
        guard let index = Int(rest), script.commands.indices.contains(index) else {
            throw Self.nonsense("output nobody asked for")
        }
        let (bytes, closing) = try reader.blobAndClosing()
        guard let status = Int(closing.splitWord().rest) else {
            throw Self.nonsense("output without a status")
        }
        outputs[index] = CommandSighting(status: status, output: text(bytes))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func facts(_ rest: String) -> HostFacts {
        let (initSystem, cron) = rest.splitWord()
        return HostFacts(
            initSystem: .init(rawValue: initSystem) ?? .other,
            hasCronDirectory: cron == "cron.d")
    }

    static func nonsense(_ what: String) -> Failure {
        .stalled(.init("the host's answer makes no sense: \(what)"))
    }
}
