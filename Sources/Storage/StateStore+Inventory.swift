package import Diagnostics
package import Resources
internal import SQL

extension StateStore {
    /// Everything Stead owns, in order of address.
    ///
    /// Declarations of which `isKnown`, given the server and the desired digest, says that they
    /// need not be read are empty: thousands of them weigh more than all the rest.
    package func inventory(
        leavingOutDeclarations isKnown: @Sendable (Address, _ server: String, Digest) -> Bool = {
            _, _, _ in false
        }
    ) throws(Failure) -> [InventoryEntry] {
        try read { database throws(SQLError) in
            try database.all(
                "SELECT \(Self.inventoryColumns) FROM inventory ORDER BY address", []
            ) { row throws(SQLError) in
                try Self.inventoryEntry(row, leavingOutDeclaration: isKnown)
            }
        }
    }

    /// What is recorded of one resource; nil when it isn't owned.
    package func inventoryEntry(at address: Address) throws(Failure) -> InventoryEntry? {
        try read { database throws(SQLError) in
            try database.first(
                "SELECT \(Self.inventoryColumns) FROM inventory WHERE address = ?",
                [.text(address.description)]
            ) { row throws(SQLError) in try Self.inventoryEntry(row) }
        }
    }

    /// What was removed and has not come back, in order of address.
    package func tombstones() throws(Failure) -> [Tombstone] {
        let sql = """
            SELECT address, kind, server, declaration, revision, removed_at, run
            FROM tombstones ORDER BY address
            """
        return try read { database throws(SQLError) in
            try database.all(sql) { row throws(SQLError) in
                Tombstone(
                    address: try row.address(0), kind: KindName(try row.requiredText(1)),
                    server: try row.requiredText(2), declaration: row.bytes(3) ?? [],
                    revision: try row.requiredText(4), removedAt: try row.requiredInteger(5),
                    run: try row.requiredInteger(6))
            }
        }
    }

    /// Records a resource as owned.
    static func keep(_ entry: InventoryEntry, in database: SQLiteDatabase) throws(SQLError) {
        try database.execute(
            "REPLACE INTO inventory (\(inventoryColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .text(entry.address.description), .text(entry.kind.rawValue), .text(entry.server),
                .text(String(decoding: entry.declaration, as: UTF8.self)),
                .text(entry.desiredDigest.hexadecimal), .text(entry.observedDigest.hexadecimal),
                .text(entry.origin.rawValue), .text(entry.revision), .integer(entry.appliedAt),
            ])
        try database.execute(
            "DELETE FROM tombstones WHERE address = ?", [.text(entry.address.description)])
    }

    /// Records a resource as removed by a run, and what earlier runs still owed it as settled.
    static func bury(
        _ address: Address, run: Int, at seconds: Int, in database: SQLiteDatabase
    ) throws(SQLError) {
        let key = SQLValue.text(address.description)
        try database.execute(
            """
            REPLACE INTO tombstones
                (address, kind, server, declaration, revision, removed_at, run)
            SELECT i.address, i.kind, i.server, i.declaration, r.revision, ?, r.id
            FROM inventory AS i JOIN runs AS r ON r.id = ? WHERE i.address = ?
            """, [.integer(seconds), .integer(run), key])
        try database.execute("DELETE FROM inventory WHERE address = ?", [key])
        try database.execute("DELETE FROM observations WHERE address = ?", [key])
        try database.execute(
            "DELETE FROM protections WHERE address = ? AND is_lifted = 1", [key])
        try beginQuarantine(of: address, at: seconds, in: database)
        try supersede(address, before: run, in: database)
    }

    private static let inventoryColumns = """
        address, kind, server, declaration, desired_digest, observed_digest, origin, revision, \
        applied_at
        """

    private static func inventoryEntry(
        _ row: SQLiteRow,
        leavingOutDeclaration isKnown: (Address, _ server: String, Digest) -> Bool = { _, _, _ in
            false
        }
    ) throws(SQLError) -> InventoryEntry {
        let address = try row.address(0)
        let server = try row.requiredText(2)
        let desired = try row.digest(4)
        return InventoryEntry(
            address: address, kind: KindName(try row.requiredText(1)),
            server: server,
            declaration: isKnown(address, server, desired) ? [] : row.bytes(3) ?? [],
            desiredDigest: desired, observedDigest: try row.digest(5),
            origin: try row.choice(6, of: InventoryEntry.Origin.self),
            revision: try row.requiredText(7), appliedAt: try row.requiredInteger(8))
    }
}
