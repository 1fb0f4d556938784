import Resources

/// Files that a person chose, described as they are.
extension File: Adopter {
    static let folder = "files"
    static let isChosen = true

    static func folders(_ request: AdoptionRequest) -> [String] { [] }

    static func looks(_ request: AdoptionRequest, _ listing: FolderListing) -> [Look] {
        request.files.map { .file(path: $0, expected: nil) }
    }

    static func adopt(
        _ request: AdoptionRequest, _ listing: FolderListing, _ output: ProbeOutput
    ) -> Adoption {
        var adoption = Adoption()
        for path in request.files {
            if let owner = request.owner(ofPath: path) {
                adoption.left.append(LeftOut(path, "is declared already, by \(owner)"))
                continue
            }
            let sighting =
                output.paths[path] ?? .unreadable(reason: "the host did not say what it is")
            switch AdoptedFile.text(of: path, sighting) {
            case .failure(let refusal): adoption.refused.append(refusal.left)
            case .success(let (text, status)):
                if !request.includesSecrets, let reason = AdoptedFile.secret(in: text, status) {
                    adoption.refused.append(.secret(path, reason))
                } else {
                    adoption.documents.append(document(path, text, status, request))
                }
            }
        }
        return adoption
    }

    private static func document(
        _ path: String, _ text: String, _ status: FileStatus, _ request: AdoptionRequest
    ) -> AdoptedDocument {
        let name = AdoptedName.kebab(path, fallback: "file")
        var fields: [(name: String, value: WrittenValue)] = [
            ("server", .text(request.server)), ("path", .text(path)),
        ]
        if status.owner != "root" { fields.append(("owner", .text(status.owner))) }
        if status.group != "root" { fields.append(("group", .text(status.group))) }
        if status.mode != 0o644 {
            fields.append(("mode", .text(FileTarget.octal(status.mode))))
        }
        let isSecret = AdoptedFile.secret(in: text, status) != nil
        if isSecret { fields.append(("sensitive", .plain("true"))) }
        fields.append(("content", .text(text)))
        var document = AdoptedDocument(
            File.name, names: [name, "\(name)-\(request.server)"], source: path, fields: fields)
        document.isSecret = isSecret
        document.isChosen = true
        return document
    }
}
