package import Diagnostics
package import Expressions

/// What policies say of changes, with all that they ask of documents.
package struct ChangePolicies: Sendable {
    /// A rule of a policy.
    package struct Rule: Sendable {
        /// The policy's address.
        package var policy: Address
        package var effect: PolicyRule.Effect
        package var condition: Expression
        package var message: String
        package var location: SourceLocation

        package init(
            policy: Address, effect: PolicyRule.Effect, condition: Expression, message: String,
            location: SourceLocation
        ) {
            self.policy = policy
            self.effect = effect
            self.condition = condition
            self.message = message
            self.location = location
        }
    }

    /// What a rule can ask of a change.
    package enum Vocabulary {
        /// The fields of `change`.
        package static let fields = ["action", "cause", "differences"]
        /// What `change.action` can be.
        package static let actions = ["create", "update", "delete", "drift"]
        /// What `change.cause` can be.
        package static let causes = [
            "edit", "drift", "both", "unfinished", "adoption", "restore", "unconverged",
        ]
    }

    package var rules: [Rule]
    /// What the rules ask of each document of the tree; of what has left git nothing is known.
    package var documents: [Address: Value]

    package init(rules: [Rule] = [], documents: [Address: Value] = [:]) {
        self.rules = rules
        self.documents = documents
    }
}
