package import Diagnostics
package import Resources

/// What loading a tree came to.
package struct LoadedTree: Sendable {
    /// Nil when there is any error.
    package var desired: DesiredState?
    /// Errors and warnings in order of place.
    package var diagnostics: [Diagnostic]

    package init(desired: DesiredState?, diagnostics: [Diagnostic]) {
        self.desired = desired
        self.diagnostics = diagnostics
    }
}
