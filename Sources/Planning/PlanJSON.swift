import Resources

/// What `stead plan --format json` prints.
///
/// Stable; documented in `docs/json.md`.
package enum PlanJSON {
    /// One line with sorted keys, and a line feed.
    ///
    /// - Throws: when the plan can't be encoded, which a correct plan always can.
    package static func render(_ plan: Plan) throws -> String {
        String(decoding: try CanonicalJSON.encode(plan), as: UTF8.self) + "\n"
    }
}
