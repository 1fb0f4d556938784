import Diagnostics
package import YAML

/// All fields of a kind: its parser, its validator, its manual.
package struct FieldTable<Spec: Sendable>: Sendable {
    package let fields: [Field<Spec>]
    private let index: [String: Int]
    /// Positions of the fields that must be written.
    private let required: [Int]
    private let initial: @Sendable () -> Spec

    /// Makes a table; `initial` makes the spec that holds every default.
    package init(from initial: @escaping @Sendable () -> Spec, _ fields: [Field<Spec>]) {
        self.fields = fields
        self.initial = initial
        index = Dictionary(
            uniqueKeysWithValues: fields.enumerated().map { ($1.description.name, $0) })
        required = fields.indices.filter { fields[$0].description.isRequired }
    }

    package var descriptions: [FieldDescription] { fields.map(\.description) }

    /// Reads a mapping's fields into `spec`; false when anything was wrong.
    ///
    /// Every problem is reported, not only the first.
    package func read(_ node: Node, into spec: inout Spec, _ reader: inout FieldReader) -> Bool {
        guard case .mapping(let pairs) = node.value else {
            reader.expected("a mapping", node)
            return false
        }
        var isValid = true
        for pair in pairs {
            let isRead = read(pair, into: &spec, &reader)
            if isRead == nil { reportUnknown(pair.key, &reader) }
            isValid = isRead ?? false && isValid
        }
        return hasRequired(pairs, of: node, &reader) && isValid
    }

    /// Reads a whole document: `kind`, what every document may have, and the kind's own fields.
    ///
    /// A kind that is part of an app's folder takes its name from there.
    func readDocument(
        _ node: Node, kind: KindName, naming: DocumentNaming, _ reader: inout FieldReader
    ) -> Document<Spec>? {
        guard case .mapping(let pairs) = node.value else { return nil }
        var head = DocumentHead()
        var spec = initial()
        var isValid = true
        reader.expectPlaces(pairs.count)
        for pair in pairs where pair.key.text != "kind" {
            let isRead =
                read(pair, into: &spec, &reader)
                ?? DocumentHead.table.read(pair, into: &head, &reader)
            if isRead == nil {
                reportUnknown(
                    pair.key, &reader, alsoKnown: DocumentHead.table.descriptions.map(\.name))
            }
            isValid = isRead ?? false && isValid
        }
        let folder = naming == .own ? nil : reader.source.appFolder
        if naming == .folder, let folder, head.name.isEmpty {
            head.name = folder
        } else {
            isValid = DocumentHead.table.hasRequired(pairs, of: node, &reader) && isValid
        }
        isValid = hasRequired(pairs, of: node, &reader) && isValid
        let places = reader.takePlaces()
        guard isValid || reader.isLenient else { return nil }
        if naming == .withinFolder { head.name = "\(folder ?? "").\(head.name)" }
        return Document(
            address: Address(kind, head.name), labels: head.labels, drift: head.drift,
            isGuarded: head.isGuarded, isProtected: head.isProtected, health: head.health,
            spec: spec,
            origin: DocumentOrigin(source: reader.source, mark: node.mark, places: places))
    }

    /// Reads one field; false when its value is wrong, nil when this table has no such field.
    private func read(_ pair: Node.Pair, into spec: inout Spec, _ reader: inout FieldReader)
        -> Bool?
    {
        guard let name = pair.key.text, let position = index[name] else { return nil }
        let field = fields[position]
        return reader.descend(field.description.name, at: pair.value.mark) {
            field.read(pair.value, &spec, &$0)
        }
    }

    private func hasRequired(
        _ pairs: [Node.Pair], of node: Node, _ reader: inout FieldReader
    ) -> Bool {
        var isComplete = true
        for position in required {
            let field = fields[position].description
            guard !pairs.contains(where: { $0.key.text == field.name }) else { continue }
            reportMissing(field, at: node.mark, &reader)
            isComplete = false
        }
        return isComplete
    }

    private func reportUnknown(
        _ key: Node, _ reader: inout FieldReader, alsoKnown: [String] = []
    ) {
        let name = key.text ?? ""
        let known = fields.map(\.description.name) + alsoKnown
        reader.report(
            .fieldUnknown, at: key.mark, "unknown field `\(name)`",
            fix: Suggestion.sentence(for: name, among: known)
                ?? "the fields here are \(known.sorted().joined(separator: ", "))")
    }

    private func reportMissing(
        _ field: FieldDescription, at mark: Mark, _ reader: inout FieldReader
    ) {
        reader.report(
            .fieldMissing, at: mark, "`\(field.name)` is missing",
            why: field.documentation, fix: "add `\(field.name): \(field.example)`")
    }
}

/// What every document has besides its kind's own fields.
package struct DocumentHead: Sendable {
    package var name = ""
    package var labels: [String: String] = [:]
    package var drift: Settings.Drift?
    package var isGuarded: Bool?
    package var health: [HealthCheck] = []
    package var isProtected = false

    /// `name`, `labels` and how the resource is handled.
    package static let table = FieldTable<DocumentHead>(
        from: { DocumentHead() },
        [
            Field(
                "name", \.name, .name, isRequired: true,
                "The resource's name, unique within its kind; the address is `kind/name`.",
                example: "prokov-front"),
            Field(
                "labels", \.labels, .map(of: .scalar), defaultText: "{}",
                "Words of your own to select resources by.", example: "{site: paris}"),
            Field(
                "drift", \.drift, .enumeration,
                "What the controller does when the host moves; the settings' `reconcile.drift` "
                    + "when it is left out.",
                example: "report"),
            Field(
                "guard", \.isGuarded, .boolean,
                "Whether the host undoes a change by itself unless a new connection confirms it; "
                    + "when it is left out, the paths that sign-in depends on decide.",
                example: "true"),
            Field(
                "health", \.health, .health, defaultText: "[]",
                "What shows, after a change and before a rollout goes on, that the resource does "
                    + "its work: one check or several.",
                example: "{http: {url: \"http://127.0.0.1/\"}, deadline: 1m}"),
            Field(
                "protect", \.isProtected, .boolean, defaultText: "false",
                "Keeps it from being deleted, also once the document is gone: the state remembers "
                    + "it until the document was applied without it.",
                example: "true"),
        ])
}
