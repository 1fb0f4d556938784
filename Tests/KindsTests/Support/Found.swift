import Glibc
import Resources
import Testing

@testable import Kinds

/// What the adopters make of a host.
struct Found {
    let host: SampleHost
    let texts: [String]
    /// Where the documents are from that hold what looks like a secret.
    let secrets: [String]
    let left: [LeftOut]
    let refused: [LeftOut]

    init(
        on host: SampleHost, files: [String] = [], includesSecrets: Bool = false,
        claimed: [Claim: Address] = [:]
    ) throws {
        self.host = host
        let request = AdoptionRequest(
            server: "web-1", spec: ServerSpec(), files: files, includesSecrets: includesSecrets,
            claimed: claimed)
        var adoption = Adoption()
        for adopter in Catalog.adopters {
            var listing = FolderListing()
            for folder in adopter.folders(request) {
                listing.names[folder] = Folder.names(in: host.path(folder))
            }
            let output = host.answer(adopter.looks(request, listing))
            adoption.add(adopter.adopt(request, listing, output), of: adopter, request)
        }
        texts = adoption.documents.map { document in
            DocumentWriter.document(
                comments: ["From \(document.source)"],
                [("kind", .text(document.kind.rawValue)), ("name", .text(document.names[0]))]
                    + document.fields)
        }
        secrets = adoption.documents.filter(\.isSecret).map(\.source)
        left = adoption.left
        refused = adoption.refused
    }

    func resources() throws -> [any Resource] {
        try texts.map { text in
            let tree = SampleTree(text)
            try #require(tree.findings.isEmpty, "\(tree.report)\n\(text)")
            return try #require(tree.resources.first { $0.kind != "Server" })
        }
    }

    func expectNoChange() throws {
        for resource in try resources() {
            let assessment = try host.assess(resource)
            #expect(assessment.isConverged, "\(resource.address): \(assessment.differences)")
            #expect(assessment.exists)
        }
    }
}

extension SampleHost {
    func makeFolders(_ names: [String]) {
        for name in names { Folder.makeFolders(path(name)) }
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o644) {
        Folder.write(Array(text.utf8), to: path(name), mode: mode)
    }

    func write(_ bytes: [UInt8], to name: String) {
        Folder.write(bytes, to: path(name))
    }

    func link(_ target: String, at name: String) {
        symlink(target, path(name))
    }
}
