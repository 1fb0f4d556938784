import Kinds
import Resources
import Testing

extension SampleHost {
    /// Runs steps as the engine does; a transaction's copies are forgotten at its end.
    ///
    /// - Throws: when a step fails, with what it printed.
    func perform(_ steps: [Step], isWhole: Bool = true) throws {
        for step in steps {
            let ending = run(step)
            try #require(ending.status == 0, "\(step.id): \(ending.output)")
        }
        guard isWhole else { return }
        for transaction in Set(steps.compactMap(\.transaction)) {
            _ = run(Command("rm -rf \"$1\"", [transaction.undoDirectory]))
        }
    }

    /// Nothing differs, and no temporary file is left.
    func expectDone(_ resource: any Resource) throws {
        let after = try assess(resource)
        #expect(after.isConverged, "\(after.changes)")
        #expect(after.exists)
        #expect(!snapshot.contains { $0.contains("stead-tmp") || $0.contains("stead-undo") })
    }
}

extension ConformanceTests {
    /// The resource as the inventory gives it back: its contents are digests only.
    static func restored(_ resource: any Resource) throws -> any Resource {
        let entry = try #require(Catalog.kinds.first { $0.name == resource.kind })
        return try entry.restore(
            KeptResource(
                address: resource.address, server: resource.server,
                declaration: resource.declaration))
    }
}
