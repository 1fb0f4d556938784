/// What libyaml's parser saw next.
struct Event {
    enum Body {
        case documentStart
        case documentEnd
        case streamEnd
        case alias(String)
        case scalar(Scalar, isBlock: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var body: Body
    var start: Position
    var end: Position
    var anchor: String?
    /// The full tag: `tag:yaml.org,2002:str`, `!thing`, or `!`.
    var tag: String?
}

/// A place as libyaml counts it: from 0.
struct Position {
    var line: Int
    var column: Int
    /// Unicode scalars since the text's start.
    var index: Int
}
