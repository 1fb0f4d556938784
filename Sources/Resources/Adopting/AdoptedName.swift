/// Names for what had none.
package enum AdoptedName {
    /// A text in kebab case, at most 63 characters; `fallback` where nothing of it is left.
    package static func kebab(_ text: String, fallback: String) -> String {
        var words: [String] = []
        var word = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                word.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                word.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
            default:
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        let name = words.joined(separator: "-")
        guard !name.isEmpty else { return fallback }
        guard name.utf8.count > 63 else { return name }
        // Two long paths often begin alike.
        let cut = name.prefix(54)
        return
            "\(cut.hasSuffix("-") ? cut.dropLast() : cut)-\(Digest(of: text).hexadecimal.prefix(8))"
    }

    /// Whether a text is a resource's name as it stands.
    package static func isName(_ text: String) -> Bool {
        text.utf8.count <= 63 && kebab(text, fallback: "") == text && !text.isEmpty
    }
}
