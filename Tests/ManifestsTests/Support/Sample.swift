import Diagnostics
import Resources

/// A kind of the tests' own, with a field of every sort.
enum Sample: Kind {
    enum Colour: String, CaseIterable, Sendable { case red, green }

    struct Size: Sendable {
        var width = 1
        var unit: String?
    }

    struct Spec: Sendable {
        var server = ""
        var path: String?
        var unit: String?
        var colour = Colour.red
        var isBig = false
        var words: [String] = []
        var values: [String: String] = [:]
        var size = Size()
        var limit: Int?
        var mode: UInt16 = 0o644
    }

    struct Desired: Codable, Equatable, Sendable {
        var path: String?
        var unit: String?
    }

    static let name: KindName = "Sample"
    static let summary = "A thing of the tests."
    static let example = "kind: Sample\nname: a\nserver: in3\n"

    static let fields = FieldTable<Spec>(
        from: { Spec() },
        [
            Field(
                "server", \.server, .reference(to: "Server"), isRequired: true, "Where.",
                example: "in3"),
            Field("path", \.path, .path, "A \"path\".", example: "/etc/motd"),
            Field("unit", \.unit, .string, "A unit.", example: "a.service"),
            Field(
                "colour", \.colour, .enumeration, defaultText: "red", "A colour.", example: "green"),
            Field(
                "big", \.isBig, .boolean, defaultText: "false", "Whether it is big.",
                example: "true"),
            Field(
                "words", \.words, .list(of: .string, minimum: 1), "Words.", example: "[a, \"1\"]"),
            Field(
                "values", \.values, .map(of: .scalar), defaultText: "{}", "Values.",
                example: "{a: 1, b: x}"),
            Field(
                "size", \.size, .record(size) { Size() }, "Its size.",
                example: "{width: 2, unit: 3}"),
            Field(
                "limit", \.limit, FieldType<Int>.word(["none": 0], or: .integer(1...9)),
                "A limit.", example: "none"),
            Field("mode", \.mode, .mode, defaultText: "0644", "A mode.", example: "0600"),
        ])

    private static let size = FieldTable<Size>(
        from: { Size() },
        [
            Field("width", \.width, .integer(1...100), isRequired: true, "A width.", example: "2"),
            Field("unit", \.unit, .string, "A unit.", example: "12"),
        ])

    static func server(of document: Document<Spec>) -> String? { document.spec.server }

    static func references(of document: Document<Spec>) -> [Reference] {
        [Reference(field: "server", to: "Server", document.spec.server)]
    }

    static func resolve(
        _ document: Document<Spec>, in tree: TreeIndex, reporting findings: inout [Diagnostic]
    ) -> Desired? {
        Desired(path: document.spec.path, unit: document.spec.unit)
    }

    static func claims(of desired: Desired) -> [Claim] {
        (desired.path.map { [Claim(.path, $0, field: "path")] } ?? [])
            + (desired.unit.map { [Claim(.unit, $0, field: "unit")] } ?? [])
    }

    static func looks(for desired: Desired) -> [Look] { [] }

    static func observation(of desired: Desired, from output: ProbeOutput) throws(Failure)
        -> Desired?
    {
        nil
    }

    static func differences(from observed: Desired?, to desired: Desired?) -> [Difference] { [] }

    static func steps(for change: Change<Sample>) -> [Step] { [] }
}
