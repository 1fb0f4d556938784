extension Migrations {
    /// Who has signed a commit.
    static let signers = "ALTER TABLE commits ADD COLUMN signer TEXT;"
}
