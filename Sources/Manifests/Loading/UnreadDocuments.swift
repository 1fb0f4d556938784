import Resources

/// What is known of documents that exist and could not be read, so that one mistake is not
/// reported again by everything that refers to its document.
struct UnreadDocuments {
    private var addresses: Set<Address> = []
    /// Names whose kind is not known.
    private var names: Set<String> = []

    mutating func insert(_ kind: KindName, name: String?) {
        guard let name else { return }
        addresses.insert(Address(kind, name))
    }

    mutating func insert(name: String?) {
        guard let name else { return }
        names.insert(name)
    }

    /// Takes what looks like names of documents from a text that does not parse: the values of
    /// `name:` where lines begin.
    ///
    /// What lies in an app's folder has its name from there.
    mutating func insertNames(in file: SourceText) {
        insert(name: file.appFolder)
        for line in file.bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard line.starts(with: "name:".utf8) else { continue }
            let value = line.dropFirst("name:".utf8.count)
                .drop { $0 == 0x20 || $0 == 0x22 || $0 == 0x27 }
                .prefix { $0 != 0x20 && $0 != 0x22 && $0 != 0x27 && $0 != 0x23 }
            names.insert(String(decoding: value, as: UTF8.self))
        }
    }

    func contains(_ address: Address) -> Bool {
        addresses.contains(address) || names.contains(address.name)
    }
}
