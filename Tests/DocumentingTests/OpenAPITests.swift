import Foundation
import Schemas
import TestSupport
import Testing

@testable import Documenting

/// The OpenAPI document: an outline of every operation, and that it is JSON without loose ends.
@Suite struct OpenAPITests {
    private static let golden = Golden(of: "DocumentingTests")

    @Test("a document says what a role may do", arguments: golden.names(in: "OpenAPI"))
    func outlines(name: String) throws {
        try Self.golden.check("OpenAPI/\(name)") { input in
            let words = input.split(separator: " ").map(String.init)
            let release = try #require(Samples.all[words[0]])
            let role = try #require(Samples.roles[words[1]])
            return try Outline(OpenAPI.document(of: release, role: role)).text
        }
    }

    @Test("every reference of a document leads somewhere", arguments: Samples.all.keys.sorted())
    func references(name: String) throws {
        let release = try #require(Samples.all[name])
        for role in Samples.roles.values {
            let outline = try Outline(OpenAPI.document(of: release, role: role))
            #expect(outline.looseReferences == [])
            #expect(Set(outline.operationIDs).count == outline.operationIDs.count)
        }
    }

    @Test("two documents of one release are the same bytes")
    func determinism() {
        let documents = (0..<2).map { _ in OpenAPI.document(of: Samples.tasks, role: .admin) }
        #expect(documents[0] == documents[1])
    }

    @Test("a named filter's parameter has the type of the column it is compared with")
    func namedFilters() throws {
        let projects = try #require(Samples.tasks.schema["projects"])
        let condition = "created_at::date > :since AND name = ':no' AND id IN (:a, :user_id)"
        let filter = NamedFilter("x", condition, projects)
        #expect(filter.parameters.map(\.name) == ["since", "a"])
        #expect(filter.parameters.map(\.type.base) == [.datetime, .int])
    }

    @Test(
        "a simple check bounds a number",
        arguments: [("n >= 2", 2, Int.max), ("\"n\" < 5", .min, 4), ("n > 0 OR n < 9", .min, .max)])
    func checks(check: String, minimum: Int, maximum: Int) {
        var column = Column("n", .int)
        column.check = check
        let bounds = CheckBounds(column)
        #expect(bounds.minimum == minimum && bounds.maximum == maximum)
    }
}

/// A document in few lines.
struct Outline {
    private let root: [String: Any]

    init(_ bytes: [UInt8]) throws {
        let value = try JSONSerialization.jsonObject(with: Data(bytes))
        root = try #require(value as? [String: Any])
    }

    var text: String {
        var lines: [String] = []
        for (path, method, operation) in operations {
            let names = parameters(of: operation).joined(separator: " ")
            let responses = (operation["responses"] as? [String: Any] ?? [:]).keys.sorted()
            lines.append("\(method.uppercased()) \(path) → \(responses.joined(separator: " "))")
            if !names.isEmpty { lines.append("    \(names)") }
        }
        let schemas = (root["components"] as? [String: Any])?["schemas"] as? [String: Any] ?? [:]
        for (name, schema) in schemas.sorted(by: { $0.key < $1.key }) {
            lines.append(name)
            let object = schema as? [String: Any] ?? [:]
            let required = object["required"] as? [String] ?? []
            let properties = object["properties"] as? [String: Any] ?? [:]
            for (field, value) in properties.sorted(by: { $0.key < $1.key }) {
                let mark = required.contains(field) ? "!" : ""
                lines.append("    \(field)\(mark) \(Self.json(value))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    var operationIDs: [String] { operations.compactMap { $0.2["operationId"] as? String } }

    /// References to what isn't there.
    var looseReferences: [String] {
        references(in: root).filter { reference in
            var value: Any? = root
            for part in reference.split(separator: "/").dropFirst() {
                value = (value as? [String: Any])?[String(part)]
            }
            return value == nil
        }
    }

    private func references(in value: Any) -> [String] {
        if let list = value as? [Any] { return list.flatMap(references) }
        guard let object = value as? [String: Any] else { return [] }
        return object.flatMap { key, value in
            (value as? String).map { key == "$ref" ? [$0] : [] } ?? references(in: value)
        }
    }

    private var operations: [(String, String, [String: Any])] {
        let paths = root["paths"] as? [String: [String: Any]] ?? [:]
        return paths.sorted(by: { $0.key < $1.key }).flatMap { path, methods in
            methods.sorted(by: { $0.key < $1.key }).compactMap { method, value in
                (value as? [String: Any]).map { (path, method, $0) }
            }
        }
    }

    private func parameters(of operation: [String: Any]) -> [String] {
        (operation["parameters"] as? [[String: Any]] ?? []).compactMap { parameter in
            if let name = parameter["name"] as? String { return name }
            return (parameter["$ref"] as? String).flatMap { $0.split(separator: "/").last }
                .map(String.init)
        }
    }

    private static func json(_ value: Any) -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? JSONSerialization.data(withJSONObject: value, options: options)
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
