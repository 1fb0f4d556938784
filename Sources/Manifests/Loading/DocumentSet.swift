import Diagnostics
import Resources

/// All documents of a tree, held against each other.
struct DocumentSet {
    /// A document, and what the checks found out about it.
    struct Item {
        let document: any ReadDocument
        let references: [Reference]
        /// False when something that it needs is missing: it is then not resolved.
        var isUsable = true
    }

    private(set) var items: [Item] = []
    private(set) var index: [Address: Int] = [:]
    /// By name.
    private(set) var servers: [String: ServerSpec] = [:]

    /// Keeps the first document of each address, and reports the others.
    init(_ documents: [any ReadDocument], reporting findings: inout [Diagnostic]) {
        items.reserveCapacity(documents.count)
        index.reserveCapacity(documents.count)
        for document in documents {
            let address = document.address
            if let first = index[address] {
                findings.append(Self.duplicate(document, of: items[first].document))
                continue
            }
            index[address] = items.count
            if let server = document.serverSpec { servers[address.name] = server }
            items.append(Item(document: document, references: document.references))
        }
    }

    private static func duplicate(
        _ document: any ReadDocument, of first: any ReadDocument
    ) -> Diagnostic {
        var diagnostic = document.origin.diagnostic(
            .addressDuplicate, at: "name", "`\(document.address)` is declared twice",
            fix: "rename one of them, or remove it")
        diagnostic.related = [
            .init(first.origin.location(of: "name"), "`\(first.address)` is first declared here")
        ]
        return diagnostic
    }

    /// Where each stands.
    var files: [Address: String] {
        index.mapValues { items[$0].document.origin.location().file }
    }

    /// Reports what refers to nothing.
    mutating func checkReferences(
        allowing unread: UnreadDocuments, reporting findings: inout [Diagnostic]
    ) {
        for position in items.indices {
            for reference in items[position].references where index[reference.address] == nil {
                items[position].isUsable = false
                guard !unread.contains(reference.address) else { continue }
                findings.append(unknown(reference, in: items[position].document))
            }
        }
    }

    private func unknown(_ reference: Reference, in document: any ReadDocument) -> Diagnostic {
        let kind = reference.address.kind
        let words = kind.split(separator: "-").joined(separator: " ")
        let names = index.keys.filter { $0.kind == kind }.map(\.name).sorted()
        let list = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
        return document.origin.diagnostic(
            .referenceUnknown, at: reference.field, "unknown \(words)",
            why: names.isEmpty
                ? "no document declares a \(words)"
                : "no document declares a \(words) called `\(reference.address.name)`",
            fix: Suggestion.sentence(for: reference.address.name, among: names)
                ?? (names.isEmpty ? nil : "there is \(list)"))
    }

    /// Reports references that lead back to where they began.
    mutating func checkCycles(reporting findings: inout [Diagnostic]) {
        for cycle in ReferenceCycles(in: self).all {
            findings.append(Self.diagnostic(for: cycle, in: items))
            for link in cycle { items[link.item].isUsable = false }
        }
    }

    private static func diagnostic(
        for cycle: [ReferenceCycles.Link], in items: [Item]
    ) -> Diagnostic {
        let addresses = cycle.map { "\(items[$0.item].document.address)" }
        let loop = (addresses + addresses.prefix(1)).joined(separator: " → ")
        let first = items[cycle[0].item].document.origin
        var diagnostic = first.diagnostic(
            .referenceCycle, at: cycle[0].field, "these refer to each other in a circle: \(loop)",
            why: "there is no order in which they could be made", fix: "remove one reference")
        diagnostic.related = cycle.dropFirst().enumerated().map { position, link in
            let target = addresses[(position + 2) % addresses.count]
            return .init(
                items[link.item].document.origin.location(of: link.field),
                "\(addresses[position + 1]) refers to \(target)")
        }
        return diagnostic
    }

    /// Makes resources of all documents that have what they need, and reports what two of them
    /// claim.
    ///
    /// Each document is dropped once it is resolved, so that a large tree is never held twice.
    mutating func resolve(
        with templates: TemplateLibrary, policy: Settings.Policy, broken: [any ReadDocument],
        unread: UnreadDocuments, reporting findings: inout [Diagnostic]
    ) -> [any Resource] {
        let parts = items.compactMap { item in
            item.document.partOfApp.map { (item.document.address, $0) }
        }
        var tree = TreeIndex(
            servers: servers, templates: templates, policy: policy,
            parts: Dictionary(uniqueKeysWithValues: parts))
        tree.isUnread = { unread.contains($0) }
        for document in broken { document.examine(in: tree, reporting: &findings) }
        var claims = ClaimCheck()
        var resources: [any Resource] = []
        resources.reserveCapacity(items.count)
        items.reverse()
        while let item = items.popLast() {
            guard item.isUsable else { continue }
            guard let resource = item.document.resolve(in: tree, reporting: &findings) else {
                continue
            }
            claims.check(resource, from: item.document.origin, reporting: &findings)
            resources.append(resource)
        }
        return resources
    }
}
