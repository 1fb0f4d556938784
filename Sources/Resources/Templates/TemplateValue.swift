private import Mustache

/// What a template may print or repeat.
package enum TemplateValue: Sendable, Equatable {
    case text(String)
    case flag(Bool)
    case list([TemplateValue])
    case map([String: TemplateValue])

    /// The value as Mustache wants it.
    var mustacheObject: any Sendable {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag
        case .list(let values): values.map(\.mustacheObject)
        case .map(let values): TemplateNames(values: values)
        }
    }
}

/// The names of a map.
///
/// Mustache looks names up in a dictionary as well, at several times the cost: it finds out each
/// time what the dictionary holds.
private struct TemplateNames: MustacheParent, Sendable {
    let values: [String: TemplateValue]

    func child(named name: String) -> Any? { values[name]?.mustacheObject }
}
