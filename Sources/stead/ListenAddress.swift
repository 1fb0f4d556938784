import ArgumentParser

/// A host and a port to listen on, as people write them.
struct ListenAddress {
    let host: String
    let port: Int

    /// - Throws: for what is not `HOST:PORT`.
    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        else {
            throw ValidationError("--listen takes HOST:PORT, such as 127.0.0.1:8080")
        }
        let host = text[..<colon].drop { $0 == "[" }
        let name = host.last == "]" ? host.dropLast() : host
        self.host = name.isEmpty ? "0.0.0.0" : String(name)
        self.port = port
    }
}
