import Diagnostics
import Expressions
import Resources
import YAML

/// Holds a tree's documents against its policies.
struct PolicyCheck {
    private struct Rule {
        var policy: Address
        var rule: PolicyRule
    }

    private let kinds: [String: KindEntry]
    private let limits: Limits
    private let documents: [any ReadDocument]
    /// Those without an error in them.
    private let rules: [Rule]

    /// Collects the policies among the documents, and reports what is wrong with their names.
    init(
        _ documents: [any ReadDocument], kinds: [String: KindEntry], limits: Limits,
        reporting findings: inout [Diagnostic]
    ) {
        self.kinds = kinds
        self.limits = limits
        self.documents = documents
        let names = PolicyNames(kinds)
        var rules: [Rule] = []
        for document in documents {
            for rule in document.policy?.rules ?? [] {
                let problems = names.problems(in: rule.condition)
                findings += problems
                guard problems.isEmpty else { continue }
                rules.append(Rule(policy: document.address, rule: rule))
            }
        }
        self.rules = rules
    }

    /// Reports the documents that a rule about documents alone denies or warns of.
    ///
    /// - Returns: the rules about changes, for the planner.
    func run(reporting findings: inout [Diagnostic]) -> ChangePolicies {
        guard !rules.isEmpty else { return ChangePolicies() }
        let atOnce = rules.filter { !$0.rule.isOfChanges }
        let later = rules.filter { $0.rule.isOfChanges }
        var kept: [Address: Value] = [:]
        forEachDocument { document, value in
            for rule in atOnce where rule.rule.condition.expression.holds(for: value) {
                findings.append(Self.finding(rule, document))
            }
            if !later.isEmpty { kept[document.address] = value }
        }
        return ChangePolicies(
            rules: later.map { rule in
                ChangePolicies.Rule(
                    policy: rule.policy, effect: rule.rule.effect,
                    condition: rule.rule.condition.expression, message: rule.rule.message,
                    location: rule.rule.condition.location())
            }, documents: kept)
    }

    /// Reads the documents once more, file by file: their texts were not kept, and few trees have
    /// policies.
    private func forEachDocument(_ body: (any ReadDocument, Value) -> Void) {
        let roots = rules.reduce(into: Set<String>()) {
            $0.formUnion($1.rule.condition.expression.roots)
        }
        var current: (source: SourceText, roots: [Int32: Node])?
        for document in documents where document.policy == nil {
            let source = document.origin.source
            if current?.source !== source {
                let roots = ParsedText(source.bytes, limits: limits).documents.map(\.root)
                let byLine = Dictionary(roots.map { ($0.mark.line, $0) }) { first, _ in first }
                current = (source, byLine)
            }
            guard let kind = kinds[document.kind.rawValue],
                let root = current?.roots[document.origin.mark.line]
            else { continue }
            body(document, DocumentValue.value(of: root, document.address, kind, asking: roots))
        }
    }

    private static func finding(_ rule: Rule, _ document: any ReadDocument) -> Diagnostic {
        let isDenied = rule.rule.effect == .deny
        var diagnostic = document.origin.diagnostic(
            isDenied ? .policyDenies : .policyWarns,
            (isDenied ? "denied by " : "warned of by ") + "\(rule.policy): \(rule.rule.message)",
            severity: isDenied ? .error : .warning,
            why: "`\(rule.rule.condition.expression)` holds for \(document.address)")
        diagnostic.related = [.init(rule.rule.condition.location(), "the rule")]
        return diagnostic
    }
}
