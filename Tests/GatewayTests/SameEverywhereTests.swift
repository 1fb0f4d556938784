import Foundation
import TestSupport
import Testing

/// The same requests with the same bytes in answer, whatever the database.
@Suite struct SameEverywhereTests {
    private static let golden = Golden(of: "GatewayTests")

    /// All golden apps on all engines, made once.
    private static let site: Result<Site, any Error> = Result {
        let apps = try golden.names().flatMap { name in
            let text = try String(contentsOfFile: golden.folder + name, encoding: .utf8)
            return Engine.allCases.map { engine in
                AppFixture(
                    name: app(name, engine), engine: engine, tables: Script.parts(of: text).tables)
            }
        }
        let site = try Site(apps)
        atexit { try? SameEverywhereTests.site.get().end() }
        return site
    }

    private static func app(_ name: String, _ engine: Engine) -> String {
        "\(name.split(separator: ".")[0])-\(engine.rawValue)"
    }

    @Test("the bytes are those expected, and the same on every engine", arguments: golden.names())
    func bytes(_ name: String) throws {
        let site = try Self.site.get()
        try Self.golden.check(name) { input in
            let outputs = try Engine.allCases.map { engine in
                var script = try Script { subject, role in
                    try site.client(Self.app(name, engine), as: subject, role: role)
                }
                return try script.run(Script.parts(of: input).requests)
            }
            for (engine, output) in zip(Engine.allCases, outputs) where output != outputs[0] {
                Issue.record("\(engine.rawValue) differs:\n\(Self.difference(outputs[0], output))")
            }
            return outputs[0]
        }
    }

    /// The lines in which two texts differ.
    private static func difference(_ left: String, _ right: String) -> String {
        let sides = [left, right].map { $0.components(separatedBy: "\n") }
        var request = ""
        var lines: [String] = []
        for (one, other) in zip(sides[0], sides[1]) {
            if one.hasPrefix("> ") { request = one }
            if one != other { lines += [request, "sqlite: " + one, "here:   " + other] }
        }
        return lines.joined(separator: "\n")
    }
}
