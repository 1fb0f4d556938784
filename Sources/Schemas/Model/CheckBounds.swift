/// Between what a check such as `position >= 0` lets a number be.
package struct CheckBounds: Equatable {
    /// The smallest number.
    package var minimum = Int.min
    /// The largest.
    package var maximum = Int.max

    /// All numbers.
    package init() {}

    /// What can't be read leaves the bounds as they are: the database checks all the same.
    package init(_ column: Column) {
        guard let check = column.check else { return }
        let words = check.split(separator: " ").map(String.init)
        guard words.count == 3, Self.unquoted(words[0]) == column.name,
            let number = Int(words[2])
        else { return }
        switch words[1] {
        case ">=": minimum = number
        case ">": minimum = number == .max ? .max : number + 1
        case "<=": maximum = number
        case "<": maximum = number == .min ? .min : number - 1
        default: break
        }
    }

    private static func unquoted(_ name: String) -> String {
        guard name.count > 2, let first = name.first, "\"`".contains(first), name.last == first
        else { return name }
        return String(name.dropFirst().dropLast())
    }
}
