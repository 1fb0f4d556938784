/// What a `File` document says.
struct FileSpec: Sendable, Equatable {
    var server = ""
    var path = ""
    var content: String?
    var template: String?
    var variables: [String: String] = [:]
    var owner = "root"
    var group = "root"
    var mode: UInt16 = 0o644
    var isSensitive = false
    var after: [String] = []
}
