package import Resources

/// What a run sets out to do, and for whom.
package struct RunStart: Sendable, Equatable {
    package var revision: Revision
    /// The sealed plan's id.
    package var plan: String
    /// Where the desired state came from: a folder, or a repository and its ref.
    package var source: String
    /// The Unix user, or the signed-in person.
    package var actor: String

    package init(revision: Revision, plan: String, source: String, actor: String) {
        self.revision = revision
        self.plan = plan
        self.source = source
        self.actor = actor
    }
}
