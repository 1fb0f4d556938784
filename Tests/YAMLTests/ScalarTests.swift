import Testing
import YAML

/// The examples of YAML 1.2.2, section 10.3.2, and what YAML 1.1 would have read otherwise.
@Suite struct ScalarTests {
    @Test(
        "plain scalars resolve as the core schema says",
        arguments: [
            ("", Scalar.Resolved.null), ("~", .null), ("null", .null), ("Null", .null),
            ("NULL", .null),
            ("nULL", .string),
            ("true", .bool(true)), ("True", .bool(true)), ("FALSE", .bool(false)),
            ("tRUE", .string),
            ("yes", .string), ("no", .string), ("on", .string), ("Off", .string), ("y", .string),
            ("0", .int(0)), ("-0", .int(0)), ("+12", .int(12)), ("-19", .int(-19)),
            ("012", .int(12)),
            ("0o14", .int(12)), ("0xC", .int(12)), ("0xfF", .int(255)), ("0o8", .string),
            ("0xG", .string), ("0x", .string), ("0o", .string), ("0o-7", .string),
            ("0x+7", .string),
            ("-0x7", .string), ("1_000", .string), ("190:20:30", .string), ("0b11", .string),
            ("9223372036854775807", .int(.max)),
            ("9223372036854775808", .float(9_223_372_036_854_775_808)),
            ("1.5", .float(1.5)), ("-1.", .float(-1)), (".5", .float(0.5)), ("+.5e3", .float(500)),
            ("12e03", .float(12000)), ("-2E+05", .float(-200_000)), ("1e", .string),
            ("e3", .string),
            ("1.2.3", .string), ("1-2", .string), ("1e5e5", .string), (".", .string),
            ("-", .string),
            ("+", .string), ("-.", .string), (".e5", .string), ("..5", .string),
            ("1.e5", .float(100_000)),
            ("+-1", .string), ("--1", .string), ("1+", .string),
            (".inf", .float(.infinity)), ("-.Inf", .float(-.infinity)),
            ("+.INF", .float(.infinity)),
            (".iNF", .string), ("inf", .string), ("nan", .string), ("-.nan", .string),
            ("0x1p3", .string), ("1p3", .string), ("2001-12-14", .string), ("10.8.0.3", .string),
        ] as [(String, Scalar.Resolved)])
    func resolved(text: String, expected: Scalar.Resolved) {
        #expect(Scalar(text, isPlain: true).resolved == expected)
        #expect(Scalar(text, isPlain: false).resolved == .string)
    }

    @Test("`.nan` is not a number")
    func notANumber() {
        guard case .float(let value) = Scalar(".NaN", isPlain: true).resolved else {
            Issue.record("not a float")
            return
        }
        #expect(value.isNaN)
    }
}
