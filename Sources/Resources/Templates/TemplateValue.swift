/// What a template may print or repeat.
package enum TemplateValue: Sendable, Equatable {
    case text(String)
    case flag(Bool)
    case list([TemplateValue])
    case map([String: TemplateValue])

    /// The dictionary that Mustache looks names up in.
    var mustacheObject: any Sendable {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag
        case .list(let values): values.map(\.mustacheObject)
        case .map(let values): values.mapValues(\.mustacheObject)
        }
    }
}
