import Identity
import Testing

@Suite("passwords")
struct PasswordTests {
    let hasher: PasswordHasher

    init() throws {
        hasher = try PasswordHasher(cost: 4)
    }

    @Test("a password matches its own hash and no other", arguments: ["a", "é🦉 ", "correct horse"])
    func roundTrip(_ password: String) throws {
        let hash = try hasher.hash(password)
        #expect(hash.hasPrefix("$2b$04$") && hash.utf8.count == 60)
        #expect(hasher.verify(password, against: hash) == .matches(needsRehash: false))
        #expect(hasher.verify(password + "x", against: hash) == .doesNotMatch)
        #expect(hasher.verify(password.uppercased() + "y", against: hash) == .doesNotMatch)
        #expect(try hasher.hash(password) != hash)
    }

    @Test(
        "hashes of other programs match, and are to be made anew",
        arguments: [
            // Openwall's test vectors of crypt_blowfish.
            ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
            ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ])
    func foreign(_ password: String, hash: String) {
        #expect(hasher.verify(password, against: hash) == .matches(needsRehash: true))
        #expect(hasher.verify(password + "U", against: hash) == .doesNotMatch)
    }

    @Test("the same cost and variant need no new hash")
    func rehash() throws {
        let hash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        let five = try PasswordHasher(cost: 5)
        #expect(five.verify("U*U", against: hash) == .matches(needsRehash: false))
        let older = hash.replacing("$2b$", with: "$2a$")
        #expect(five.verify("U*U", against: older) == .matches(needsRehash: true))
    }

    @Test(
        "a password that bcrypt would cut or not see is refused",
        arguments: [
            ("", PasswordError.empty), ("a\0b", .holdsNUL), ("\0", .holdsNUL),
            (String(repeating: "a", count: 73), .tooLong),
            (String(repeating: "é", count: 37), .tooLong),
        ])
    func refused(_ password: String, error: PasswordError) throws {
        #expect(throws: error) { try hasher.hash(password) }
        let cut = try hasher.hash(String(repeating: "a", count: 72))
        #expect(hasher.verify(password, against: cut) == .doesNotMatch)
        #expect(hasher.verify(password, against: try hasher.hash("a")) == .doesNotMatch)
    }

    @Test("the last of 72 bytes counts")
    func longest() throws {
        let password = String(repeating: "a", count: 72)
        let hash = try hasher.hash(password)
        #expect(hasher.verify(password, against: hash) == .matches(needsRehash: false))
        #expect(hasher.verify(password.dropLast() + "b", against: hash) == .doesNotMatch)
    }

    @Test(
        "what is no bcrypt hash never matches",
        arguments: [
            "", "a", "*0", "$2b$", "$2b$04$", "$1$salt$hash",
            "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWx",
            "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$0a$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe\0",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC:E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
        ])
    func notAHash(_ stored: String) {
        #expect(hasher.verify("U*U", against: stored) == .doesNotMatch)
        #expect(hasher.verify(stored, against: stored) == .doesNotMatch)
    }

    @Test("the decoy is a hash of the same cost that nothing matches")
    func decoy() throws {
        #expect(hasher.decoy.hasPrefix("$2b$04$") && hasher.decoy.utf8.count == 60)
        #expect(hasher.verify("a", against: hasher.decoy) == .doesNotMatch)
        #expect(try PasswordHasher(cost: 4).decoy != hasher.decoy)
    }

    @Test("a cost out of range is refused", arguments: [-1, 0, 3, 17, 31, .max])
    func costs(_ cost: Int) {
        #expect(throws: PasswordError.costOutOfRange(cost)) { try PasswordHasher(cost: cost) }
    }

    @Test("threads hash side by side")
    func threads() async throws {
        let hasher = hasher
        try await withThrowingTaskGroup(of: PasswordVerdict.self) { group in
            for index in 0..<32 {
                group.addTask { hasher.verify("p\(index)", against: try hasher.hash("p\(index)")) }
            }
            for try await verdict in group { #expect(verdict == .matches(needsRehash: false)) }
        }
    }
}
