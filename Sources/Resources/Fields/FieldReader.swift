package import Diagnostics
package import YAML

/// Collects what reading a document finds: problems, and the places of its fields.
package struct FieldReader: Sendable {
    package let source: SourceText
    package private(set) var diagnostics: [Diagnostic] = []
    package private(set) var places = FieldPlaces()
    /// Whether what has errors is read as far as it goes, to find what else is wrong.
    package var isLenient = false
    private var path: String = ""
    /// The most problems that are listed of one document.
    private static let limit = 100

    package init(source: SourceText) {
        self.source = source
    }

    /// Reads `node` as field `name` of where the reader stands.
    package mutating func descend<Result>(
        _ name: String, at mark: Mark, _ read: (inout FieldReader) -> Result
    ) -> Result {
        let outer = path
        path = outer.isEmpty ? name : outer + "." + name
        places.append(path, mark)
        defer { path = outer }
        return read(&self)
    }

    /// Adds a problem at a place of the file.
    package mutating func report(
        _ code: DiagnosticCode, at mark: Mark, _ summary: String,
        severity: Diagnostic.Severity = .error, why: String? = nil, fix: String? = nil
    ) {
        guard diagnostics.count < Self.limit else { return }
        let location = source.location(of: mark)
        diagnostics.append(
            Diagnostic(
                code, summary, severity: severity, at: location,
                excerpt: source.line(location.line), why: why, fix: fix))
    }

    /// "expected X, found Y", at the value.
    package mutating func expected(_ what: String, _ node: Node, fix: String? = nil) {
        let field = path.isEmpty ? "" : "`\(path)`: "
        report(.fieldType, at: node.mark, "\(field)expected \(what), found \(node.shape)", fix: fix)
    }

    /// A value of the right type that is not allowed.
    package mutating func invalid(_ node: Node, _ reason: String, fix: String? = nil) {
        let field = path.isEmpty ? "" : "`\(path)` "
        report(.fieldValue, at: node.mark, field + reason, fix: fix)
    }

    /// Makes room, so that places don't grow one by one.
    mutating func expectPlaces(_ count: Int) {
        places.reserveCapacity(count)
    }

    /// Starts the places of another document of the same file.
    package mutating func takePlaces() -> FieldPlaces {
        defer { places = FieldPlaces() }
        return places
    }
}
