import Testing

/// The house's measures. They only ever tighten.
@Suite struct SizeTests {
    static let files =
        Tree.files(under: "Sources/", ending: ".swift")
        + Tree.files(under: "Tests/", ending: ".swift")

    @Test("no file has more than 400 lines, and nine in ten have at most 300")
    func fileSizes() {
        let sizes = Self.files.map { (file: $0, lines: Tree.lines($0).count) }
        for size in sizes { #expect(size.lines <= 400, "\(size.file) has \(size.lines) lines") }
        let long = sizes.count { $0.lines > 300 }
        #expect(long * 10 <= sizes.count, "\(long) of \(sizes.count) files have over 300 lines")
    }

    @Test("no line has more than 100 columns")
    func lineLengths() {
        for file in Tree.files(under: "Sources/", ending: ".swift") {
            for (index, line) in Tree.lines(file).enumerated() {
                #expect(line.count <= 100, "\(file):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test("no function has more than 60 lines, half have fewer than 10")
    func functionSizes() {
        var sizes: [Int] = []
        for file in Tree.files(under: "Sources/", ending: ".swift") {
            for function in Functions.inFile(file) {
                sizes.append(function.lines)
                let name = "\(file):\(function.line) has \(function.lines) lines"
                #expect(function.lines <= 60, "\(name)")
            }
        }
        sizes.sort()
        #expect(sizes.count > 100)
        #expect(sizes[sizes.count / 2] < 12, "the median is \(sizes[sizes.count / 2])")
    }
}

/// Functions of a Swift file, found by their indentation: the formatter puts a closing brace in the
/// column where its declaration starts.
enum Functions {
    static func inFile(_ file: String) -> [(line: Int, lines: Int)] {
        let lines = Tree.lines(file)
        var result: [(line: Int, lines: Int)] = []
        for (index, line) in lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let words = line.split(separator: " ").prefix(6)
            guard
                words.contains(where: {
                    $0 == "func" || $0.hasPrefix("init(") || $0.hasPrefix("init?(")
                }),
                !line.drop(while: { $0 == " " }).hasPrefix("/"), !line.contains("= {")
            else { continue }
            let closing = String(repeating: " ", count: indent) + "}"
            guard let end = lines[index...].firstIndex(where: { $0 == closing }) else { continue }
            result.append((line: index + 1, lines: end - index + 1))
        }
        return result
    }
}
