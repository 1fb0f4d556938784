import Diagnostics
package import Resources

/// A document that describes something on a host, as it will be written.
package struct AdoptionDraft: Sendable {
    package let address: Address
    /// Below the folder that it is written to: `sites/shop.yaml`.
    package let file: String
    package let text: String
    /// Where it was found.
    package let source: String
    /// What a person should look at.
    package let notes: [String]
    package let isSecret: Bool
    /// Whether a person named what it describes.
    let isChosen: Bool

    init(_ document: AdoptedDocument, named name: String, in folder: String, of server: String) {
        address = Address(document.kind, name)
        file = "\(folder)/\(name).yaml"
        text = DocumentWriter.document(
            comments: ["Adopted from \(server): \(document.source)"]
                + document.notes.map { "It \($0)." },
            [("kind", .text(document.kind.rawValue)), ("name", .text(name))] + document.fields)
        source = document.source
        notes = document.notes
        isSecret = document.isSecret
        isChosen = document.isChosen
    }

    /// A server's own document.
    package init(ofServer server: String, _ document: AdoptedDocument) {
        self.init(document, named: server, in: "servers", of: server)
    }

    /// Names documents so that no two are called alike.
    static func drafts(
        of adoption: inout Adoption, kinds: [any Adopter.Type], server: String,
        taken: Set<Address>
    ) -> [AdoptionDraft] {
        let folders = Dictionary(
            kinds.map { ($0.name, $0.folder) }, uniquingKeysWith: { first, _ in first })
        var taken = taken
        var drafts: [AdoptionDraft] = []
        for document in adoption.documents {
            guard let name = name(for: document, among: taken) else {
                let address = Address(document.kind, document.names[0])
                adoption.left.append(
                    LeftOut(
                        document.source,
                        "would be called \(address), as something else is already",
                        fix: "rename it on the host, or the other one in the repository"))
                continue
            }
            taken.insert(Address(document.kind, name))
            drafts.append(
                AdoptionDraft(
                    document, named: name, in: folders[document.kind] ?? "other", of: server))
        }
        return drafts
    }

    private static func name(for document: AdoptedDocument, among taken: Set<Address>) -> String? {
        func isFree(_ name: String) -> Bool { !taken.contains(Address(document.kind, name)) }
        let names = document.names.map { AdoptedName.kebab($0, fallback: "found") }
        if let free = names.first(where: isFree) { return free }
        guard !document.isNameFixed, let last = names.last else { return nil }
        return (2...10_000).lazy.map { AdoptedName.kebab("\(last)-\($0)", fallback: "found") }
            .first(where: isFree)
    }
}
