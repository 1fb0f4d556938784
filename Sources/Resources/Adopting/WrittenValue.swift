/// A value that a document is to hold.
package enum WrittenValue: Sendable, Equatable {
    case text(String)
    /// A number, a boolean: written as it stands.
    case plain(String)
    case list([WrittenValue])
    /// In order.
    case map([(name: String, value: WrittenValue)])

    package static func == (left: WrittenValue, right: WrittenValue) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)), (.plain(let left), .plain(let right)):
            left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)):
            left.map(\.name) == right.map(\.name) && left.map(\.value) == right.map(\.value)
        default: false
        }
    }
}
