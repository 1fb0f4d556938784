/// A kind that can describe what is on a host already. Pure, like the rest of it.
///
/// It is asked in three turns: what to list, what of that to look at, and what that comes to.
package protocol Adopter: Sendable {
    static var name: KindName { get }
    /// The folder of `--out` that its documents go to.
    static var folder: String { get }
    /// Whether it describes what a person named, and goes before the others there.
    static var isChosen: Bool { get }

    /// Folders whose entries are to be listed.
    static func folders(_ request: AdoptionRequest) -> [String]
    /// What to look at, once it is known what lies in them.
    static func looks(_ request: AdoptionRequest, _ listing: FolderListing) -> [Look]
    /// What there is to declare, and what can't be declared.
    static func adopt(
        _ request: AdoptionRequest, _ listing: FolderListing, _ output: ProbeOutput
    ) -> Adoption
}

extension Adopter {
    package static var isChosen: Bool { false }
}

/// What is to be read from a host.
package struct AdoptionRequest: Sendable {
    /// The server's name.
    package var server: String
    package var spec: ServerSpec
    /// Paths that a person chose, each once.
    package var files: [String]
    package var includesSecrets: Bool
    /// What other documents have on that server already; equal paths and domains are left to them.
    package var claimed: [Claim: Address]

    package init(
        server: String, spec: ServerSpec, files: [String] = [], includesSecrets: Bool = false,
        claimed: [Claim: Address] = [:]
    ) {
        self.server = server
        self.spec = spec
        var chosen: Set<String> = []
        self.files = files.filter { chosen.insert($0).inserted }
        self.includesSecrets = includesSecrets
        self.claimed = claimed
    }

    /// Who declares a path already.
    package func owner(ofPath path: String) -> Address? {
        claimed[Claim(.path, path, field: "")]
    }
}

/// What lies in folders of a host.
package struct FolderListing: Sendable {
    /// Names by folder; a folder that is not there has none.
    package var names: [String: [String]]
    /// Folders of which not all was listed.
    package var cut: Set<String>

    package init(names: [String: [String]] = [:], cut: Set<String> = []) {
        self.names = names
        self.cut = cut
    }

    /// Full paths, in order.
    package func paths(in folder: String) -> [String] {
        (names[folder] ?? []).sorted().map { "\(folder)/\($0)" }
    }
}

/// What a kind found on a host.
package struct Adoption: Sendable {
    package var documents: [AdoptedDocument] = []
    package var left: [LeftOut] = []
    /// What a person named, and can't have.
    package var refused: [LeftOut] = []

    package init() {}

    /// Adds what another kind found.
    ///
    /// - Parameters:
    ///   - found: what it found.
    ///   - kind: that kind.
    ///   - request: what was asked for. What it names is for the kind that takes what is named: the
    ///     others have nothing to say of it.
    package mutating func add(
        _ found: Adoption, of kind: any Adopter.Type, _ request: AdoptionRequest
    ) {
        func isOthers(_ item: LeftOut) -> Bool {
            !kind.isChosen && request.files.contains(where: item.isAbout)
        }
        documents += found.documents.filter { kind.isChosen || !request.files.contains($0.source) }
        left += found.left.filter { !isOthers($0) && !left.contains($0) }
        refused += found.refused
    }
}

/// Something that a document describes.
package struct AdoptedDocument: Sendable {
    package var kind: KindName
    /// What it may be called, the best first; the last may be numbered.
    package var names: [String]
    /// Whether its name says where it lies, so that no other will do.
    package var isNameFixed: Bool
    /// Where it was found, for people.
    package var source: String
    /// Its fields but for kind and name, in order.
    package var fields: [(name: String, value: WrittenValue)]
    /// What a person should look at.
    package var notes: [String] = []
    /// Whether it holds what nobody but its owner should read.
    package var isSecret = false
    /// Whether a person named what it describes.
    package var isChosen = false

    package init(
        _ kind: KindName, names: [String], isNameFixed: Bool = false, source: String,
        fields: [(name: String, value: WrittenValue)]
    ) {
        self.kind = kind
        self.names = names
        self.isNameFixed = isNameFixed
        self.source = source
        self.fields = fields
    }
}
