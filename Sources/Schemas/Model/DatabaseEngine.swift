/// The databases that an app may lie in.
package enum DatabaseEngine: String, Sendable, Codable, CaseIterable {
    case sqlite, mariadb, postgres
}
