/// The tags of the core schema; every other tag is refused.
///
/// Source: YAML 1.2.2, sections 10.1 to 10.3.
enum CoreTag: String {
    case string = "str"
    case null
    case bool
    case int
    case float
    case sequence = "seq"
    case mapping = "map"

    private static let prefix = "tag:yaml.org,2002:"

    /// Nil for a tag that is not the core schema's.
    init?(tag: String) {
        guard tag.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(tag.dropFirst(Self.prefix.count)))
    }

    /// `!!str`, as documents write it.
    var shorthand: String { "!!\(rawValue)" }

    /// How a document most likely wrote a full tag.
    static func shorthand(of tag: String) -> String {
        tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }

    /// The scalar under this tag; nil when its text is no such value.
    func apply(to scalar: Scalar) -> Scalar? {
        let plain = Scalar(scalar.text, isPlain: true)
        switch (self, plain.resolved) {
        case (.string, _): return Scalar(scalar.text, isPlain: false)
        case (.null, .null), (.bool, .bool), (.int, .int), (.float, .float): return plain
        default: return nil
        }
    }
}
