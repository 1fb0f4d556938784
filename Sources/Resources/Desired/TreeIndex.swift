/// What documents may refer to, while they are resolved.
package struct TreeIndex: Sendable {
    /// By name.
    package var servers: [String: ServerSpec]
    package var templates: TemplateLibrary
    /// What the tree's settings say of deletes.
    package var policy: Settings.Policy
    /// What the documents of apps say, by address.
    private let parts: [Address: any Sendable]
    /// Whether there is a document of an address that could not be read, which has been reported.
    package var isUnread: @Sendable (Address) -> Bool = { _ in false }

    package init(
        servers: [String: ServerSpec] = [:], templates: TemplateLibrary = .init(),
        policy: Settings.Policy = .init(), parts: [Address: any Sendable] = [:]
    ) {
        self.policy = policy
        self.servers = servers
        self.templates = templates
        self.parts = parts
    }

    /// What another document of an app says; nil when there is none.
    package func part<Spec>(_ address: Address, as type: Spec.Type) -> Spec? {
        parts[address] as? Spec
    }

    /// What the documents of a kind say that lie within an app's folder, by their own names.
    package func parts<Spec>(_ kind: KindName, of app: String, as type: Spec.Type)
        -> [String: Spec]
    {
        var found: [String: Spec] = [:]
        for (address, part) in parts
        where address.kind == kind.kebab && address.name.hasPrefix(app + ".") {
            found[String(address.name.dropFirst(app.count + 1))] = part as? Spec
        }
        return found
    }
}

/// A whole tree at one revision, free of errors.
package struct DesiredState: Sendable {
    package var revision: Revision
    package var settings: Settings
    /// In order of address.
    package var resources: [any Resource]
    /// By name.
    package var servers: [String: ServerSpec]
    /// What its policies say of changes; what they say of documents has been checked.
    package var policies: ChangePolicies

    package init(
        revision: Revision, settings: Settings, resources: [any Resource],
        servers: [String: ServerSpec], policies: ChangePolicies = .init()
    ) {
        self.revision = revision
        self.settings = settings
        self.resources = resources
        self.servers = servers
        self.policies = policies
    }
}

/// Where a tree came from, for the record.
package struct Revision: Sendable, Equatable, Codable {
    /// The git commit's 40 digits; for a plain folder `folder:` and the digest of its files.
    package var id: String
    /// The commit's author, `Name <address>`; nil for a plain folder.
    package var author: String?
    /// The first line of the commit's message.
    package var subject: String?

    package init(id: String, author: String? = nil, subject: String? = nil) {
        self.id = id
        self.author = author
        self.subject = subject
    }

    /// The first 10 digits, for people.
    package var short: String {
        let digits = id.split(separator: ":").last.map(String.init) ?? id
        return String(digits.prefix(10))
    }
}
