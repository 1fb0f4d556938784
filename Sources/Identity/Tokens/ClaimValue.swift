/// The value of a claim: flat, and never a fraction.
package enum ClaimValue: Sendable, Hashable {
    case string(String)
    case integer(Int)
    case flag(Bool)
}

extension ClaimValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) {
        self = .string(value)
    }

    package init(integerLiteral value: Int) {
        self = .integer(value)
    }

    package init(booleanLiteral value: Bool) {
        self = .flag(value)
    }
}
