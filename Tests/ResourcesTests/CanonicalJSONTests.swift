import Foundation
import Resources
import Testing

/// Held against Foundation's encoder, which reads and writes the same JSON.
@Suite("Canonical JSON") struct CanonicalJSONTests {
    private struct Everything: Codable, Equatable {
        enum Choice: Codable, Equatable {
            case plain
            case named(first: Int, second: [String])
        }

        var text = ""
        var flag = true
        var small: Int8 = -8
        var wide: UInt64 = .max
        var real = 0.0
        var date = Date(timeIntervalSince1970: 1_700_000_000)
        var absent: String?
        var list: [[Int]] = [[], [1], [2, 3]]
        var table: [String: Choice] = ["b": .plain, "a/c": .named(first: 1, second: ["x"])]
        var addresses: [Address: Bool] = [:]
    }

    private func reference(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func canonical(_ value: some Encodable) throws -> String {
        String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
    }

    @Test(
        "texts are escaped as RFC 8259 demands, and no further",
        arguments: [
            "", "plain", "\"quoted\" \\ and /slash/", "\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}",
            "ünï 👩‍🚀 e\u{301} \u{2028}", String(repeating: "x\n", count: 5000),
        ])
    func texts(_ text: String) throws {
        #expect(try canonical(["k\(text)": text]) == reference(["k\(text)": text]))
    }

    @Test(
        "numbers are written in the shortest form",
        arguments: [0, -0.0, 1, -1.5, 0.1, 1e21, 1e-9, 123_456_789.125, .pi])
    func numbers(_ number: Double) throws {
        #expect(try canonical([number]) == reference([number]))
    }

    @Test("a value of every shape comes out as Foundation writes it, and back")
    func everything() throws {
        var value = Everything(text: "a", absent: nil)
        value.addresses = [try #require(Address("file/motd")): false]
        #expect(try canonical(value) == reference(value))
        let again = try CanonicalJSON.decode(Everything.self, from: CanonicalJSON.encode(value))
        #expect(again == value)
    }

    @Test("what JSON has no text for is an error", arguments: [Double.nan, .infinity])
    func impossible(_ number: Double) {
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode([number]) }
    }
}
