/// Something that was found and not described.
package struct LeftOut: Sendable, Equatable, Codable {
    /// A path, with a line where there is one.
    package var what: String
    package var reason: String
    package var fix: String?

    package init(_ what: String, _ reason: String, fix: String? = nil) {
        self.what = what
        self.reason = reason
        self.fix = fix
    }

    /// Something that can be had as a whole file all the same, if what lies there is one.
    ///
    /// - Parameters:
    ///   - path: where it lies.
    ///   - reason: why it is not described.
    ///   - sighting: what was seen there.
    ///   - line: the line that it is about.
    /// - Returns: with what takes it, if anything does.
    package static func file(
        _ path: String, _ reason: String, _ sighting: Sighting?, line: Int? = nil
    ) -> LeftOut {
        var left = LeftOut(path + (line.map { ":\($0)" } ?? ""), reason)
        if let sighting, case .success(let (text, status)) = AdoptedFile.text(of: path, sighting) {
            let isSecret = AdoptedFile.secret(in: text, status) != nil
            left.fix = "`--file \(path)\(isSecret ? " --include-secrets" : "")` takes it as a File"
        }
        return left
    }

    /// Something that looks like a secret, and is not taken unasked.
    package static func secret(_ what: String, _ reason: String) -> LeftOut {
        LeftOut(
            what, "\(reason); whoever reads the repository would read it",
            fix: "--include-secrets takes it all the same")
    }

    /// Whether it is about a file, or a line of it.
    func isAbout(_ path: String) -> Bool {
        guard what.hasPrefix(path) else { return false }
        let rest = what.dropFirst(path.count)
        return rest.isEmpty
            || rest.first == ":" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isWholeNumber)
    }
}
