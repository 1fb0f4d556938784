internal import CCrypt
internal import Glibc

/// libxcrypt's bcrypt (crypt(5)), safe on any thread.
enum Bcrypt {
    /// A setting `$2b$COST$SALT` with a salt of 16 bytes from the system.
    static func setting(cost: Int) throws(PasswordError) -> String {
        var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = crypt_gensalt_rn("$2b$", UInt(cost), nil, 0, &output, Int32(output.count))
        guard made != nil else { throw .failed(errno: errno) }
        return String(decoding: output.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// The hash of a password under a setting or under the setting of an earlier hash.
    static func hash(_ password: String, setting: String) throws(PasswordError) -> String {
        let size = MemoryLayout<crypt_data>.size
        let scratch = UnsafeMutableRawPointer.allocate(
            byteCount: size, alignment: MemoryLayout<crypt_data>.alignment)
        memset(scratch, 0, size)
        defer {
            explicit_bzero(scratch, size)
            scratch.deallocate()
        }
        // crypt_rn is crypt_r that says by nil, and not by a special string, that it failed.
        guard let hash = crypt_rn(password, setting, scratch, Int32(size)) else {
            throw .failed(errno: errno)
        }
        return String(cString: hash)
    }
}
