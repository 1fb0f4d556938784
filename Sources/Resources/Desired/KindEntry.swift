package import Diagnostics
package import YAML

/// A kind without its types: what the catalog lists, and what the loader and the engine call.
package struct KindEntry: Sendable {
    package let name: KindName
    package let summary: String
    package let example: String
    /// What its documents may hold, what every document may have left out.
    package let fields: [FieldDescription]
    /// False for a kind whose documents are part of others, or rules over them.
    package let declaresResources: Bool

    /// Reads one document; nil when it has errors, which the reader then holds.
    package let read: @Sendable (Node, inout FieldReader) -> (any ReadDocument)?
    /// Makes a resource of what the inventory kept.
    package let restore: @Sendable (_ kept: KeptResource) throws -> any Resource

    package init<K: Kind>(_ kind: K.Type) {
        name = K.name
        summary = K.summary
        example = K.example
        fields = K.fields.descriptions
        declaresResources = K.Desired.self != Never.self
        read = { node, reader in
            K.fields.readDocument(
                node, kind: K.name, naming: K.naming, &reader
            ).map(ReadDocumentOf<K>.init)
        }
        restore = { kept in
            try Resolved<K>(
                address: kept.address, server: kept.server,
                dependencies: kept.address.successor.map { [$0] } ?? [],
                desired: CanonicalJSON.decode(K.Desired.self, from: kept.declaration))
        }
    }
}

/// A resource as the inventory keeps it.
package struct KeptResource: Sendable {
    package var address: Address
    package var server: String
    package var declaration: [UInt8]

    package init(address: Address, server: String, declaration: [UInt8]) {
        self.address = address
        self.server = server
        self.declaration = declaration
    }
}

/// A document of any kind, read and not yet resolved.
package protocol ReadDocument: Sendable {
    var address: Address { get }
    var origin: DocumentOrigin { get }
    var references: [Reference] { get }
    /// The connection a `Server` document describes; nil for every other kind.
    var serverSpec: ServerSpec? { get }
    /// What a document says that is a part of an app, for the app's other parts; nil for others.
    var partOfApp: (any Sendable)? { get }
    /// The rules that a `Policy` document declares; nil for every other kind.
    var policy: PolicySpec? { get }
    /// Its kind's name.
    var kind: KindName { get }

    func resolve(in tree: TreeIndex, reporting findings: inout [Diagnostic]) -> (any Resource)?
    /// Reports what else is wrong with one that has errors already.
    func examine(in tree: TreeIndex, reporting findings: inout [Diagnostic])
}

private struct ReadDocumentOf<K: Kind>: ReadDocument {
    let document: Document<K.Spec>

    var address: Address { document.address }
    var origin: DocumentOrigin { document.origin }
    var references: [Reference] { K.references(of: document) }
    var serverSpec: ServerSpec? { document.spec as? ServerSpec }
    var policy: PolicySpec? { document.spec as? PolicySpec }
    var kind: KindName { K.name }
    var partOfApp: (any Sendable)? { K.naming == .own ? nil : document.spec }

    func examine(in tree: TreeIndex, reporting findings: inout [Diagnostic]) {
        K.examine(document, in: tree, reporting: &findings)
    }

    func resolve(in tree: TreeIndex, reporting findings: inout [Diagnostic]) -> (any Resource)? {
        guard let desired = K.resolve(document, in: tree, reporting: &findings) else { return nil }
        let server = K.server(of: document) ?? address.name
        if !document.health.isEmpty, tree.servers[server] == nil {
            findings.append(
                origin.diagnostic(
                    .fieldIgnored, at: "health", "`health` does nothing here", severity: .warning,
                    why: "checks are made on the server that carries a resource",
                    fix: "give it to a resource on a server"))
        }
        do {
            return try Resolved<K>(
                address: address, labels: document.labels, drift: document.drift,
                isGuarded: document.isGuarded, isProtected: document.isProtected,
                health: document.health, location: origin.location(), server: server,
                dependencies: references.map(\.address), desired: desired)
        } catch {
            findings.append(
                origin.diagnostic(.documentShape, "this document can't be stored: \(error)"))
            return nil
        }
    }
}
