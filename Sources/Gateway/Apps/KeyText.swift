import SQL
import Schemas

extension ServedTable {
    /// A row's key as a path has it: its values as bodies have them, with commas between. A comma
    /// in a value is encoded, like all that means something in a URL.
    func pathText(of values: [SQLValue]) -> String {
        zip(key, values).map { column, value in
            var text = WireText()
            ValueWriting.write(KeptRow(values: [value]), 0, column.type, to: &text)
            let json = try? JSONParser.parse(Array(text.bytes))
            return (json?.string ?? text.written).pathEncoded
        }.joined(separator: ",")
    }

    /// The values of a key as a path has it; nil for what can't be one.
    ///
    /// - Parameters:
    ///   - request: the second part of whose path is the key.
    ///   - engine: the database's.
    /// - Returns: a value for each column of the key.
    /// - Throws: 400 for what can't be decoded.
    func key(in request: APIRequest, engine: DatabaseEngine) throws(APIError) -> [SQLValue]? {
        let reading = ValueReading(engine: engine)
        if key.count == 1 {
            return (try? reading.value(request.path[1], for: key[0].type)).map { [$0] }
        }
        // Before they are decoded: a comma in a value is encoded.
        let parts = request.rawPath[1].utf8
            .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard !key.isEmpty, parts.count == key.count else { return nil }
        var values: [SQLValue] = []
        for (part, column) in zip(parts, key) {
            let plain = try QueryString.decoded(Substring(part))
            guard let value = try? reading.value(plain, for: column.type) else { return nil }
            values.append(value)
        }
        return values
    }
}

extension String {
    /// As one value in a part of a path.
    fileprivate var pathEncoded: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                text.unicodeScalars.append(UnicodeScalar(byte))
            default:
                text += byte < 16 ? "%0" : "%"
                text += String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
