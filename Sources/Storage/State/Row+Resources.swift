internal import Resources
internal import SQL

extension Row {
    /// - Throws: `corrupt` for a column that holds no address.
    func address(_ column: Int) throws(SQLError) -> Address {
        let text = try requiredText(column)
        guard let address = Address(text) else {
            throw SQLError(.corrupt, "not an address: \(text)")
        }
        return address
    }

    /// - Throws: `corrupt` for a column that holds no digest.
    func digest(_ column: Int) throws(SQLError) -> Digest {
        let text = try requiredText(column)
        guard let digest = Digest(hexadecimal: text) else {
            throw SQLError(.corrupt, "not a digest: \(text)")
        }
        return digest
    }

    /// - Throws: `corrupt` for a column that holds none of the cases.
    func choice<Choice: RawRepresentable<String>>(
        _ column: Int, of type: Choice.Type
    ) throws(SQLError) -> Choice {
        let text = try requiredText(column)
        guard let choice = Choice(rawValue: text) else {
            throw SQLError(.corrupt, "not one of the words expected: \(text)")
        }
        return choice
    }
}
