import Diagnostics
import Planning
import Resources
import Testing

@Suite("Hostile content")
struct HostileTextTests {
    private static let hostile =
        "a\u{1B}[2J\u{1B}]0;title\u{7}b\r\nc\u{202E}d\u{9B}31m\u{8}\u{7F}\u{0B}e\n"

    /// What may stand in the text of a terminal without colour.
    private func isSafe(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || scalar == "\t" || (scalar.value >= 0x20 && scalar.value < 0x7F)
                || (scalar.value >= 0xA0 && !(0x202A...0x202E).contains(scalar.value)
                    && !(0x2066...0x2069).contains(scalar.value))
        }
    }

    @Test("in a file can't move the cursor, change a colour, or reorder a line")
    func content() throws {
        let file = try FakeFile("file/a", "x\n" + Self.hostile)
        var input = PlanInput.sample([file])
        let seen = FakeFile.State(content: "y\n", mode: Self.hostile)
        input.sights[file.address] = .seen(file.assessment(of: seen))
        let text = PlanText(isFull: true).render(Planner.plan(input))
        #expect(isSafe(text))
        #expect(text.contains("b␍\n"), "a carriage return is seen")
        #expect(text.contains("␛[2J"))
    }

    @Test("in a value or a reason can't forge a line of the plan")
    func lines() throws {
        let forged = "0644\nPlan: 0 to create\n\u{1B}[1A"
        let file = try FakeFile("file/a", "x\n")
        let other = try FakeFile("file/b", "x\n")
        var input = PlanInput.sample([file, other])
        let seen = FakeFile.State(content: "x\n", mode: forged)
        input.sights[file.address] = .seen(file.assessment(of: seen))
        input.sights[other.address] = .unknown(
            .transient(.init(forged, detail: forged, fix: forged)))
        let text = PlanText().render(Planner.plan(input))
        #expect(isSafe(text))
        #expect(text.split(separator: "\n").count { $0.hasPrefix("Plan:") } == 1)
    }

    @Test("that is one enormous line is cut, and said to be")
    func longLine() throws {
        let file = try FakeFile("file/a", String(repeating: "é", count: 100_000) + "\n")
        var input = PlanInput.sample([file])
        input.seeNothing(of: [file])
        let plan = Planner.plan(input)
        let text = PlanText().render(plan)
        #expect(text.unicodeScalars.count < 2000)
        #expect(text.contains("… 99001 more characters"))
        #expect(PlanText(isFull: true).render(plan).utf8.count > 200_000)
    }

    @Test("that is binary is told by its size and its digest")
    func binary() throws {
        let old = Content([UInt8](repeating: 0, count: 100))
        let new = Content([UInt8](repeating: 0xFF, count: 120))
        let difference = PlannedDifference(
            Difference("content of /a", .content(old: old, new: new)))
        let lines = DifferenceText(terminal: Terminal(isColoured: false))
            .lines(of: [difference], action: .update)
        #expect(
            lines == [
                "    content of /a: (binary, 100 bytes → 120 bytes,"
                    + " SHA-256 \(old.digest.short) → SHA-256 \(new.digest.short))"
            ])
    }

    @Test("that was too large to fetch is told as such, and a short digest never")
    func unread() {
        let big = Content(digest: Digest(of: "a"), size: 1 << 20)
        let small = Content([0, 1, 2])
        let difference = PlannedDifference(
            Difference("content of /a", .content(old: big, new: small)))
        #expect(difference.content?.form == .unread)
        #expect(difference.content?.old?.digest == big.digest)
        #expect(difference.content?.new?.digest == nil)
        #expect(difference.content?.diff == nil)
    }
}
