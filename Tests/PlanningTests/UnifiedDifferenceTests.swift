import FoundationEssentials
import Planning
import TestSupport
import Testing

@Suite("A unified difference")
struct UnifiedDifferenceTests {
    private func text(_ old: String, _ new: String) -> String {
        UnifiedDifference(Array(old.utf8), Array(new.utf8)).text
    }

    private func lines(_ numbers: some Sequence<Int>) -> String {
        numbers.map { "\($0)\n" }.joined()
    }

    @Test("of equal texts is empty")
    func equal() {
        #expect(text("", "").isEmpty)
        #expect(text("a\nb", "a\nb").isEmpty)
    }

    @Test("has hunks with three lines round a change")
    func hunks() {
        let old = lines(1...20)
        let new = old.replacing("\n10\n", with: "\nten\n")
        #expect(text(old, new) == "@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n")
    }

    @Test("joins changes that stand near, and parts those that do not")
    func joined() {
        let near = lines(1...30).replacing("\n10\n", with: "\nx\n").replacing("\n17\n", with: "\n")
        #expect(text(lines(1...30), near).split(separator: "@@ -").count == 1)
        let far = lines(1...30).replacing("\n10\n", with: "\nx\n").replacing("\n18\n", with: "\n")
        #expect(text(lines(1...30), far).split(separator: "@@ -").count == 2)
    }

    @Test("says that a last line has no line feed")
    func noNewline() {
        let mark = "\\ No newline at end of file\n"
        #expect(text("a\n", "a") == "@@ -1 +1 @@\n-a\n+a\n" + mark)
        #expect(text("a", "a\n") == "@@ -1 +1 @@\n-a\n\(mark)+a\n")
        #expect(text("a\nb", "c\nb") == "@@ -1,2 +1,2 @@\n-a\n+c\n b\n" + mark)
    }

    @Test("counts an empty side as diff does")
    func emptySide() {
        #expect(text("", "a\nb\n") == "@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(text("a\n", "") == "@@ -1 +0,0 @@\n-a\n")
        #expect(text(lines(1...9), lines(1...9) + "x\n") == "@@ -7,3 +7,4 @@\n 7\n 8\n 9\n+x\n")
    }

    @Test("tells line ends and ways to write one letter apart")
    func bytes() {
        #expect(text("a\r\n", "a\n") == "@@ -1 +1 @@\n-a\r\n+a\n")
        #expect(text("\u{E9}\n", "e\u{301}\n").contains("+e\u{301}"))
    }

    @Test("shows a block added among its like as a whole")
    func slide() {
        let block = "{\n  x\n}\n"
        #expect(text(block, block + "{\n  y\n}\n").hasSuffix(" }\n+{\n+  y\n+}\n"))
        #expect(text("a\n{\n}\n", "a\n{\n}\n{\n}\n").hasSuffix(" }\n+{\n+}\n"))
    }

    @Test("of two large texts without a common order ends, and still leads from one to the other")
    func costly() throws {
        var generator = SplitMix(seed: 3)
        let old = lines((0..<10_000).shuffled(using: &generator))
        let new = lines((0..<10_000).shuffled(using: &generator))
        let difference = UnifiedDifference(Array(old.utf8), Array(new.utf8))
        #expect(try Patch.apply(difference.text, to: old) == new)
    }

    @Test("of random texts leads from one to the other, by our own reading of it")
    func random() throws {
        var generator = SplitMix(seed: 1)
        for _ in 0..<2000 {
            let (old, new) = RandomTexts.pair(&generator)
            #expect(try Patch.apply(text(old, new), to: old) == new)
        }
    }

    @Test("is as short as that of diff --minimal, and as patch reads it")
    func againstDiff() throws {
        let folder = try Scratch()
        var generator = SplitMix(seed: 2)
        for round in 0..<60 {
            let (old, new) = RandomTexts.pair(&generator)
            try folder.write("old", old)
            try folder.write("new", new)
            let theirs = try folder.shell("diff -u --minimal old new || test $? = 1")
            let difference = UnifiedDifference(Array(old.utf8), Array(new.utf8))
            let changed = theirs.split(separator: "\n").dropFirst(2)
                .count { $0.hasPrefix("+") || $0.hasPrefix("-") }
            #expect(difference.added + difference.removed == changed, "round \(round)")
            guard old != new, !new.isEmpty else { continue }
            try folder.write("patch", "--- old\n+++ new\n" + difference.text)
            #expect(
                try folder.shell("patch -s -o out old patch && cmp out new && echo same")
                    == "same\n",
                "round \(round)")
        }
    }

    @Test("is the same text as diff prints where there is one way only to put it")
    func sameAsDiff() throws {
        let folder = try Scratch()
        var generator = SplitMix(seed: 5)
        for _ in 0..<20 {
            // Lines that are all different leave no choice of what is common.
            let old = Array(0..<80)
            let new = old.filter { _ in Int.random(in: 0..<9, using: &generator) > 0 }
                .flatMap { Int.random(in: 0..<9, using: &generator) > 0 ? [$0] : [$0, $0 + 1000] }
            try folder.write("old", lines(old))
            try folder.write("new", lines(new))
            let theirs = try folder.shell("diff -u old new | tail -n +3")
            #expect(text(lines(old), lines(new)) == theirs)
        }
    }
}
