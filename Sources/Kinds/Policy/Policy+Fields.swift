import Resources

extension Policy {
    static let summary = "Rules over resources and changes: what is refused, what is warned of."

    static let example = """
        kind: Policy
        name: public-sites-have-tls
        rules:
          - deny: kind == NginxSite && tls == none && labels.tier == public
            message: A public site needs a certificate.
          - warn: kind == File && change.action == delete
            message: A file goes.

        """

    static let fields = FieldTable<PolicySpec>(
        from: { PolicySpec() },
        [
            Field(
                "rules", \.rules, .list(of: .policyRule, minimum: 1), isRequired: true,
                "What is refused or warned of, each rule by itself.",
                example: "[{deny: kind == File && sensitive, message: No secrets here.}]")
        ])
}
