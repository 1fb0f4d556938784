/// What libyaml says when it can't go on.
struct SyntaxError: Error {
    var problem: String
    var position: Position
    var context: String?
    var contextPosition: Position
}
