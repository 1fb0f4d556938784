import Diagnostics

/// Says libyaml's errors in words that help: where the mistake is rather than where the parser
/// noticed it, and for the usual ones what to do.
enum SyntaxAdvice {
    static func problem(for error: SyntaxError, in lines: inout LineMap) -> Problem {
        let advice = advice(for: error, in: &lines)
        let place = advice.isAtContext ? error.contextPosition : error.position
        return Problem(
            .yamlSyntax, at: lines.mark(place), advice.summary, why: advice.why, fix: advice.fix,
            related: advice.isAtContext && error.position.line != error.contextPosition.line
                ? .init(lines.mark(error.position), "noticed here") : nil)
    }

    private struct Advice {
        var summary: String
        var why: String?
        var fix: String?
        /// The mistake is where the construct begins, not where it could not go on.
        var isAtContext = false
    }

    private static func advice(for error: SyntaxError, in lines: inout LineMap) -> Advice {
        switch error.problem {
        case "found character that cannot start any token":
            character(lines.scalar(at: error.position))
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            tab
        case "did not find expected ',' or ']'": bracket("[", "]")
        case "did not find expected ',' or '}'": bracket("{", "}")
        case "found unexpected end of stream", "found unexpected document indicator":
            Advice(
                summary: "this quote is not closed",
                fix: "close it; inside single quotes a quote is written twice, "
                    + "inside double quotes as `\\\"`",
                isAtContext: true)
        case "did not find expected alphabetic or numeric character": name(error)
        case "did not find expected key", "did not find expected '-' indicator":
            structure(error, in: &lines)
        default: entry[error.problem] ?? escape[error.problem] ?? plain(error)
        }
    }

    private static let tab = Advice(
        summary: "a tab can't indent here", why: "YAML indents with spaces alone",
        fix: "replace the tab by spaces")

    private static func character(_ scalar: Unicode.Scalar?) -> Advice {
        guard let scalar, scalar != "\t" else { return tab }
        return Advice(
            summary: "a value can't begin with `\(scalar)`", fix: "put the value in quotes")
    }

    private static func bracket(_ opening: String, _ closing: String) -> Advice {
        Advice(
            summary: "this `\(opening)` is not closed, or a comma is missing inside",
            fix: "separate the elements by `,` and close with `\(closing)`; "
                + "put a value that holds brackets in quotes",
            isAtContext: true)
    }

    private static func name(_ error: SyntaxError) -> Advice {
        let (sign, sort) =
            error.context == "while scanning an alias" ? ("*", "alias") : ("&", "anchor")
        return Advice(
            summary: "a value that begins with `\(sign)` is an \(sort), and this one has no name",
            fix: "put the value in quotes: \"\(sign)…\"", isAtContext: true)
    }

    /// A line that fits nowhere: too deep, not deep enough, or text after a closed value.
    private static func structure(_ error: SyntaxError, in lines: inout LineMap) -> Advice {
        let (line, column) = (error.contextPosition.line + 1, error.contextPosition.column + 1)
        let isList = error.problem == "did not find expected '-' indicator"
        let sort = isList ? "list" : "mapping"
        guard error.position.line > error.contextPosition.line else {
            return Advice(
                summary: "this does not belong after the value before it",
                fix: "put the whole value in quotes")
        }
        if lines.isFirst(error.position) {
            return Advice(
                summary: "this line does not fit the \(sort) above it",
                why: "the \(sort) of line \(line) has its \(isList ? "dashes" : "keys") "
                    + "in column \(column)",
                fix: "indent this line like its neighbours")
        }
        return Advice(
            summary: "this does not belong after what stands before it",
            why: "a value that begins with a quote ends with that quote",
            fix: "put the whole value in quotes")
    }

    private static func plain(_ error: SyntaxError) -> Advice {
        Advice(summary: error.problem, why: error.context)
    }

    private static let quotes =
        "in double quotes a backslash is written `\\\\`; single quotes take it as it is"

    private static let escape: [String: Advice] = [
        "found unknown escape character":
            Advice(summary: "this backslash sequence is not known", fix: quotes),
        "did not find expected hexdecimal number":
            Advice(summary: "hexadecimal digits are missing after this backslash", fix: quotes),
        "found invalid Unicode character escape code":
            Advice(
                summary: "this number is no Unicode character",
                why: "YAML has no surrogate pairs", fix: "write the character itself"),
    ]

    private static let entry: [String: Advice] = [
        "mapping values are not allowed in this context":
            Advice(
                summary: "a `:` can't stand here",
                why: "this line is indented more than its neighbours, or a value holds `: `, "
                    + "or the key above has no space after its `:`",
                fix: "indent it like its neighbours, put the value in quotes, or add the space"),
        "mapping keys are not allowed in this context":
            Advice(summary: "a key can't stand here", fix: "begin it on a line of its own"),
        "block sequence entries are not allowed in this context":
            Advice(
                summary: "a `-` can't begin a list here",
                fix: "begin the list on the next line, or put the value in quotes"),
        "could not find expected ':'":
            Advice(
                summary: "this line is no `key: value`",
                fix: "put `: ` after the key; text of several lines begins with `|`",
                isAtContext: true),
        "did not find expected <document start>":
            Advice(
                summary: "this does not belong to the document above it",
                fix: "check its indentation; a line `---` begins another document"),
        "did not find expected node content":
            Advice(summary: "a value is missing here", fix: "write one, or `\"\"` for no text"),
        "did not find expected comment or line break":
            Advice(
                summary: "text can't follow on the line of `|` or `>`",
                fix: "begin the text on the next line, indented"),
        "found unexpected ':'":
            Advice(
                summary: "a `:` can't stand here",
                fix: "put a space after it if it ends a key, or put the value in quotes"),
        "found incompatible YAML document":
            Advice(summary: "this version of YAML is not known", fix: "remove the `%YAML` line"),
    ]
}
