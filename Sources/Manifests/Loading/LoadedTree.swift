package import Diagnostics
package import Resources

/// What loading a tree came to.
package struct LoadedTree: Sendable {
    /// Nil when there is any error.
    package var desired: DesiredState?
    /// Errors and warnings in order of place.
    package var diagnostics: [Diagnostic]

    /// The file of each document that could be read, whatever else is wrong with it.
    package var files: [Address: String]

    package init(
        desired: DesiredState?, diagnostics: [Diagnostic], files: [Address: String] = [:]
    ) {
        self.desired = desired
        self.diagnostics = diagnostics
        self.files = files
    }
}
