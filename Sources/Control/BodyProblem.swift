/// What is wrong with the body of a question, for whoever wrote it.
struct BodyProblem {
    let message: String

    init(_ error: any Error) {
        message =
            switch error {
            case DecodingError.keyNotFound(let key, let context):
                "the body lacks `\(Self.path(context.codingPath + [key]))`"
            case DecodingError.valueNotFound(_, let context),
                DecodingError.typeMismatch(_, let context):
                context.codingPath.isEmpty
                    ? "the body is no JSON object"
                    : "`\(Self.path(context.codingPath))` of the body is of another type"
            default: "the body is no JSON that is understood here"
            }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map(\.stringValue).joined(separator: ".")
    }
}
