import CYAML

/// libyaml's event parser.
///
/// The one file that touches the library; it owns the parser.
///
/// Source: yaml.h of libyaml 0.2.5.
struct EventStream: ~Copyable {
    // The parser holds pointers to itself, so it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>

    /// - Parameter text: UTF-8 without a byte order mark; must outlive the stream.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        event = .allocate(capacity: 1)
        event.initialize(to: yaml_event_t())
        // Fails only for want of memory; the first `next()` then says so.
        guard yaml_parser_initialize(parser) == 1 else { return }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        event.deallocate()
    }

    /// The next event; the stream's start is passed over.
    mutating func next() throws(SyntaxError) -> Event {
        while true {
            guard yaml_parser_parse(parser, event) == 1 else { throw syntaxError }
            defer { yaml_event_delete(event) }
            if let body = Self.body(of: event.pointee) { return Self.event(body, event.pointee) }
        }
    }

    private static func body(of event: yaml_event_t) -> Event.Body? {
        switch event.type {
        case YAML_SCALAR_EVENT: scalar(of: event)
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_MAPPING_END_EVENT: .mappingEnd
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_ALIAS_EVENT: .alias(text(event.data.alias.anchor) ?? "")
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: .streamEnd
        default: nil
        }
    }

    private static func scalar(of event: yaml_event_t) -> Event.Body {
        let scalar = event.data.scalar
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let isBlock =
            scalar.style == YAML_LITERAL_SCALAR_STYLE || scalar.style == YAML_FOLDED_SCALAR_STYLE
        return .scalar(
            Scalar(
                String(decoding: bytes, as: UTF8.self),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
            isBlock: isBlock)
    }

    private static func event(_ body: Event.Body, _ event: yaml_event_t) -> Event {
        let names: (anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?) =
            switch event.type {
            case YAML_SCALAR_EVENT: (event.data.scalar.anchor, event.data.scalar.tag)
            case YAML_MAPPING_START_EVENT:
                (event.data.mapping_start.anchor, event.data.mapping_start.tag)
            case YAML_SEQUENCE_START_EVENT:
                (event.data.sequence_start.anchor, event.data.sequence_start.tag)
            default: (nil, nil)
            }
        return Event(
            body: body, start: Position(event.start_mark), end: Position(event.end_mark),
            anchor: text(names.anchor), tag: text(names.tag))
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private var syntaxError: SyntaxError {
        let state = parser.pointee
        let isOutOfMemory = state.error == YAML_MEMORY_ERROR || state.problem == nil
        return SyntaxError(
            problem: isOutOfMemory ? "out of memory" : String(cString: state.problem),
            position: Position(state.problem_mark),
            context: state.context.map { String(cString: $0) },
            contextPosition: Position(state.context_mark))
    }
}

extension Position {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line), column: Int(mark.column), index: Int(mark.index))
    }
}
