import Testing
import YAML

@Suite struct MutationTests {
    /// xorshift64*, so that every run mutates alike.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    private static let seeds = [
        "kind: Server\nname: in3\nprovides: [nginx, cron]\nnginx: {directory: /etc, test: \"a b\"}\n",
        "a: &x\n  - |\n    text\n  - >-\n    more\nb: *x\n---\n? k\n: 'v'\n...\n%YAML 1.2\n--- !!str 1\n",
        "\"\\u00e4\\x41\": 'it''s'\n# ü €\n- [1, {a: b}]\n<<: {c: ~}\n!!map {d: !x y}\n",
    ]
    private static let pieces = Array("[]{}:,-?*&!|>'\"%@`#\\\t\r\n 0aü\u{2028}\u{85}".utf8)

    @Test(
        "no mutation of a text crashes the parser or leaves a place outside the text",
        arguments: 1...8)
    func mutations(seed: UInt64) {
        var random = Random(state: seed &* 0x9E37_79B9_7F4A_7C15)
        for _ in 0..<1500 {
            var bytes = Array(Self.seeds.randomElement(using: &random)?.utf8 ?? "".utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
            let parsed = ParsedText(bytes)
            let lines = bytes.count { $0 == 0x0A } + 1
            for problem in parsed.problems {
                #expect((1...lines).contains(Int(problem.mark.line)), "\(bytes)")
                #expect(problem.mark.column >= 1 && problem.mark.column <= bytes.count + 1)
            }
            #expect(parsed.isComplete || !parsed.problems.isEmpty)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout Random) {
        let position = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.insert(Self.pieces.randomElement(using: &random) ?? 0, at: position)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
        case 2 where position < bytes.count: bytes.remove(at: position)
        default:
            let end = Int.random(in: position...bytes.count, using: &random)
            bytes.insert(contentsOf: Array(bytes[position..<end]), at: 0)
        }
    }
}
