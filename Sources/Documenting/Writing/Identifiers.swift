/// Names made safe for programs: ASCII letters, digits and `_`, each given once.
struct Identifiers {
    private var taken: Set<String>
    private let reserved: Set<String>

    init(reserved: Set<String> = []) {
        self.reserved = reserved
        taken = []
    }

    /// A name as it stands where it can be; else letters beyond ASCII are transliterated, what
    /// can't be in a name is `_` or `u` with the character's number, and a clash is numbered.
    mutating func name(_ text: String) -> String {
        claim(Self.safe(text))
    }

    /// What a table's further types are called besides.
    private static let typeSuffixes = ["", "Create", "Replace", "Patch"]

    /// The same in `PascalCase`, for types; with `Create`, `Replace` and `Patch` behind it, too, it
    /// is given once.
    mutating func typeName(_ text: String) -> String {
        claim(
            Self.words(text).map { Self.capitalised($0) }.joined(), usually: "Table",
            suffixes: Self.typeSuffixes)
    }

    /// The same in `camelCase`, for fields.
    mutating func fieldName(_ text: String) -> String {
        let words = Self.words(text)
        let first = words.first.map { $0.prefix(1).lowercased() + $0.dropFirst() } ?? ""
        return claim(first + words.dropFirst().map { Self.capitalised($0) }.joined())
    }

    /// Lets nothing else be called so.
    mutating func keep(_ name: String) {
        taken.insert(name)
    }

    private mutating func claim(
        _ text: String, usually: String = "field", suffixes: [String] = [""]
    ) -> String {
        var name = text.isEmpty ? usually : text
        if let first = name.utf8.first, (0x30...0x39).contains(first) { name = "n" + name }
        if reserved.contains(name) { name += "_" }
        let stem = name
        var number = 2
        while suffixes.contains(where: { taken.contains(name + $0) }) {
            name = "\(stem)_\(number)"
            number += 1
        }
        taken.formUnion(suffixes.map { name + $0 })
        return name
    }

    private static func capitalised(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }

    private static func words(_ text: String) -> [String] {
        safe(text).split(separator: "_").map(String.init)
    }

    private static func safe(_ text: String) -> String {
        var result = ""
        for character in text {
            if let letters = Transliteration.letters(for: character) {
                result += letters
                continue
            }
            for scalar in character.unicodeScalars {
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_": result.unicodeScalars.append(scalar)
                case _ where scalar.isASCII: result += "_"
                // A mark on a letter, which stands without it.
                case "\u{300}"..."\u{36F}": continue
                default: result += "u" + String(scalar.value, radix: 16, uppercase: true)
                }
            }
        }
        return result
    }
}

/// Text as it stands in a URL's path or query.
enum PercentEncoding {
    /// Leaves letters, digits and `-._~`; RFC 3986, section 2.3.
    static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += Array("%\(digits.count < 2 ? "0" : "")\(digits)".utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
