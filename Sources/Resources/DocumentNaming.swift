/// How the documents of a kind are called.
package enum DocumentNaming: Sendable, Equatable {
    /// By their own `name`.
    case own
    /// As the folder of the app that they are part of.
    case folder
    /// By their own `name` within that folder: `prokov.overdue`.
    case withinFolder
}
