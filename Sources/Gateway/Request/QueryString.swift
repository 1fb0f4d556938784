/// The parameters of a URL, decoded, in their order.
struct QueryString: Sendable, Equatable {
    /// One parameter.
    struct Parameter: Sendable, Equatable {
        var name: String
        var value: String
    }

    private(set) var parameters: [Parameter] = []

    /// The most parameters of one request.
    private static let limit = 1000

    /// - Throws: 400 for text that is not UTF-8, or too many parameters.
    init(_ text: Substring) throws(APIError) {
        guard !text.isEmpty else { return }
        // By bytes: an accent behind a mark doesn't make another one of it.
        for part in text.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false
            ).map { Substring($0) }
            let value = sides.count > 1 ? try Self.decoded(sides[1], isForm: true) : ""
            parameters.append(
                Parameter(name: try Self.decoded(sides[0], isForm: true), value: value))
        }
        guard parameters.count <= Self.limit else {
            throw .bad("too_many_parameters", "at most \(Self.limit) parameters are allowed")
        }
    }

    /// The value of a parameter that may stand once; nil when it doesn't.
    ///
    /// - Throws: 400 when it stands twice.
    func single(_ name: String) throws(APIError) -> String? {
        var found: String?
        for parameter in parameters where parameter.name == name {
            guard found == nil else {
                throw .bad("duplicate_parameter", "`\(name)` stands twice", field: name)
            }
            found = parameter.value
        }
        return found
    }

    /// - Throws: 400 for a parameter of another name: what it was meant to do would not be done.
    func allow(_ names: [String]) throws(APIError) {
        for parameter in parameters where !names.contains(parameter.name) {
            throw .bad(
                "invalid_parameter", "`\(parameter.name)` is no parameter here",
                field: parameter.name)
        }
    }

    /// Percent-decodes a part of a URL; in a query a plus stands for a space.
    ///
    /// - Throws: 400 for what can't be decoded.
    static func decoded(_ text: Substring, isForm: Bool = false) throws(APIError) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case 0x25:
                guard let high = iterator.next().flatMap(hexadecimal),
                    let low = iterator.next().flatMap(hexadecimal)
                else { throw .bad("invalid_url", "a % in the URL is not followed by two digits") }
                bytes.append(high << 4 | low)
            case 0x2B where isForm: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw .bad("invalid_url", "the URL holds text that is not UTF-8, or a NUL")
        }
        return decoded
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
