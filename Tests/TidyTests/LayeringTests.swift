import Testing

/// Imports only point down: the table of `docs/architecture.md`, enforced.
@Suite struct LayeringTests {
    /// What each target may import of our own targets and of C libraries.
    static let allowed: [String: Set<String>] = [
        "stead": [
            "Control", "Controlling", "Notifying", "Gateway", "Supervising", "Kinds", "Documenting",
            "Planning",
            "Manifests",
            "Schemas", "Secrets",
            "Identity", "Storage", "Remote", "Resources", "Diagnostics", "CPosix",
        ],
        "Control": ["Controlling", "Listening", "Storage", "Resources", "Diagnostics"],
        "Controlling": [
            "Kinds", "Planning", "Manifests", "Storage", "Remote", "Schemas", "Identity", "SQL",
            "Resources", "Diagnostics",
        ],
        "Gateway": [
            "Documenting", "Listening", "Schemas", "Identity", "SQL", "SQLServers", "Storage",
            "Diagnostics", "CZlib",
        ],
        "Notifying": [
            "Storage", "SQL", "Secrets", "Resources", "Expressions", "Diagnostics", "CCurl",
        ],
        "Supervising": ["Processes", "SQL", "Diagnostics", "CPosix"],
        "Listening": ["Diagnostics"],
        "Documenting": ["Schemas"],
        "Kinds": ["Resources", "Schemas", "Diagnostics", "YAML"],
        "Schemas": ["SQL", "SQLServers", "Secrets", "Diagnostics"],
        "Planning": ["Resources", "Expressions", "Diagnostics"],
        "Manifests": ["Resources", "Expressions", "YAML", "Diagnostics", "CGit2", "CPosix"],
        "Storage": ["SQL", "Resources", "Diagnostics"],
        "Identity": ["CCrypt"],
        "SQL": ["CSQLite"],
        "SQLServers": ["SQL", "CMariaDB", "CPostgreSQL"],
        "Remote": ["Processes", "Resources", "Diagnostics", "CSSH2", "CPosix"],
        "Processes": ["Diagnostics", "CPosix"],
        "Resources": ["Expressions", "Diagnostics", "YAML"],
        "Expressions": ["Diagnostics"],
        "YAML": ["Diagnostics", "CYAML"],
        "Secrets": ["Diagnostics"],
        "Diagnostics": [],
    ]

    static let ours = Set(allowed.keys).union([
        "CYAML", "CGit2", "CSSH2", "CSQLite", "CMariaDB", "CPostgreSQL", "CPosix", "CCrypt",
        "CZlib", "CCurl",
    ])

    @Test("every import points down", arguments: allowed.keys.sorted())
    func imports(target: String) {
        let files = Tree.files(under: "Sources/\(target)/", ending: ".swift")
        #expect(!files.isEmpty, "the target \(target) has no files")
        for file in files {
            for module in Self.imported(by: file) where Self.ours.contains(module) {
                let isAllowed = Self.allowed[target]?.contains(module) ?? false
                #expect(isAllowed, "\(file) imports \(module)")
            }
        }
    }

    @Test("every folder of Sources is a target of the table, or a C library's module")
    func folders() {
        let folders = Set(
            Tree.files(under: "Sources/", ending: "").map { $0.split(separator: "/")[1] })
        for folder in folders { #expect(Self.ours.contains(String(folder)), "\(folder)") }
    }

    @Test("a C library is imported by few files")
    func cLibraries() {
        for library in ["CYAML", "CGit2", "CSSH2", "CSQLite", "CCrypt", "CCurl"] {
            let files = Tree.files(under: "Sources/", ending: ".swift").filter {
                Self.imported(by: $0).contains(library)
            }
            #expect((1...8).contains(files.count), "\(library) is imported by \(files)")
        }
    }

    @Test("a kind never names another kind")
    func kinds() {
        let kinds = ["Server", "NginxSite", "CronJob", "File"]
        for kind in kinds {
            for file in Tree.files(under: "Sources/Kinds/\(kind)/", ending: ".swift") {
                let words = Set(
                    Tree.text(file).split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(
                        String.init))
                for other in kinds where other != kind {
                    let types = ["Kind", "Spec", "Desired", "Observation"].map { other + $0 }
                    for type in types where type != "ServerSpec" {
                        #expect(!words.contains(type), "\(file) names \(type)")
                    }
                }
            }
        }
    }

    private static func imported(by file: String) -> [String] {
        Tree.lines(file).compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 2, words.count > index + 1,
                !line.hasPrefix(" "), !line.hasPrefix("/")
            else { return nil }
            return String(words[index + 1])
        }
    }
}
