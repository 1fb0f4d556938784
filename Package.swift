// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Debian's linker writes 24 bytes for each address that a program must correct at its start; LLVM's
/// writes a bit, and one copy of functions that are the same: 5 MB less of memory.
let small: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker",
            "--icf=safe",
        ],
        .when(platforms: [.linux], configuration: .release))
]

/// A target of our own: imports only point down this file, and a tidy test holds the table of
/// `docs/architecture.md` against it.
func target(
    _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil,
    settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict + settings)
}

func testTarget(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// A C library from Debian's packages, found by pkg-config.
func library(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let arguments = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

let package = Package(
    name: "stead",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "stead", targets: ["stead"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.31.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "stead",
            dependencies: [
                "Control", "Controlling", "Notifying", "Gateway", "Supervising", "Kinds",
                "Documenting", "Planning",
                "Manifests",
                "Schemas", "Secrets", "Identity", "Storage", "Remote", "Resources",
                "Diagnostics", "CPosix",
                arguments, lifecycle, logging, signals,
            ],
            swiftSettings: strict, linkerSettings: small),
        .executableTarget(
            name: "stead-benchmarks",
            dependencies: [
                "Controlling", "Kinds", "Planning", "Manifests", "Storage", "Remote", "Resources",
                "Diagnostics",
            ],
            path: "Benchmarks/Driver", swiftSettings: strict),
        .executableTarget(
            name: "stead-constant",
            dependencies: [hummingbird, hummingbirdCore, httpTypes, logging, nioCore, nioPosix],
            path: "Benchmarks/Gateway/Constant", swiftSettings: strict),
        target(
            "Controlling",
            [
                "Kinds", "Planning", "Manifests", "Storage", "Remote", "Schemas", "Identity",
                "SQL", "Resources", "Diagnostics",
            ]
        ),
        target("Secrets", ["Diagnostics"]),
        target(
            "Control",
            [
                "Controlling", "Listening", "Storage", "Resources", "Diagnostics", crypto,
                hummingbird, hummingbirdCore, httpTypes, lifecycle, logging, nioCore, nioHTTP1,
                nioHTTPTypes, nioPosix,
            ]),
        target(
            "Notifying",
            [
                "Storage", "SQL", "Secrets", "Resources", "Expressions", "Diagnostics", "CCurl",
                crypto,
            ]),
        target(
            "Supervising",
            ["Processes", "SQL", "Diagnostics", "CPosix", nioCore, nioHTTP1, nioPosix]),
        // Plain C that loads libcurl when it is first used; only its headers are needed to build.
        .target(name: "CCurl"),
        target("Kinds", ["Resources", "Schemas", "Diagnostics", "YAML"]),
        target("Planning", ["Resources", "Expressions", "Diagnostics"]),
        target(
            "Gateway",
            [
                "Documenting", "Listening", "Schemas", "Identity", "SQL", "Storage", "Diagnostics",
                "CZlib", hummingbirdCore, httpTypes, lifecycle, signals, logging, nioCore, nioHTTP1,
                nioPosix,
            ],
            // A request's stages are called where it is, without asking for a thread each time.
            settings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
        target("Documenting", ["Schemas"]),
        target("Listening", ["Diagnostics", nioCore, nioPosix]),
        target("Schemas", ["SQL", "SQLServers", "Secrets", "Diagnostics"]),
        target(
            "Manifests", ["Resources", "Expressions", "YAML", "Diagnostics", "CGit2", "CPosix"]),
        target("Storage", ["SQL", "Resources", "Diagnostics"]),
        target("Identity", ["CCrypt", crypto, cryptoExtras, asn1]),
        target("SQL", ["CSQLite"]),
        target("SQLServers", ["SQL", "CMariaDB", "CPostgreSQL"]),
        target("Remote", ["Processes", "Resources", "Diagnostics", "CSSH2", "CPosix"]),
        target("Processes", ["Diagnostics", "CPosix"]),
        target("Resources", ["Expressions", "Diagnostics", "YAML", crypto, mustache]),
        target("Expressions", ["Diagnostics"]),
        target("YAML", ["Diagnostics", "CYAML"]),
        target("Diagnostics"),
        testTarget("DiagnosticsTests", ["Diagnostics"]),
        testTarget("YAMLTests", ["TestSupport", "YAML", "Diagnostics"], exclude: ["Golden"]),
        testTarget("ExpressionsTests", ["TestSupport", "Expressions"]),
        testTarget(
            "ResourcesTests", ["TestSupport", "Resources", "Expressions", "YAML", "Diagnostics"]),
        testTarget(
            "NotifyingTests",
            ["TestSupport", "Notifying", "Storage", "Resources", "Diagnostics"]),
        testTarget("SecretsTests", ["TestSupport", "Secrets", "Diagnostics"]),
        testTarget("RemoteTests", ["TestSupport", "Remote", "Resources", "Diagnostics"]),
        testTarget("SupervisingTests", ["TestSupport", "Supervising"]),
        testTarget("IdentityTests", ["Identity", crypto, cryptoExtras]),
        testTarget("SQLTests", ["SQL"]),
        testTarget("StorageTests", ["Storage", "SQL", "Resources", "Diagnostics"]),
        testTarget(
            "ManifestsTests",
            ["TestSupport", "Manifests", "Kinds", "Resources", "YAML", "Diagnostics"],
            exclude: ["Golden"]),
        testTarget(
            "PlanningTests",
            ["TestSupport", "Planning", "Resources", "Expressions", "YAML", "Diagnostics"],
            exclude: ["Golden"]),
        testTarget(
            "KindsTests", ["Kinds", "Resources", "YAML", "Diagnostics"], exclude: ["Golden"]),
        testTarget(
            "ControllingTests",
            [
                "TestSupport", "Controlling", "Planning", "Storage", "Remote", "Resources",
                "Diagnostics",
            ]),
        testTarget(
            "DocumentingTests", ["TestSupport", "Documenting", "Schemas"], exclude: ["Golden"]),
        target("TestSupport", ["SQLServers"], path: "Tests/TestSupport"),
        testTarget(
            "SchemasTests",
            ["TestSupport", "stead", "Schemas", "SQLServers", "SQL", "Diagnostics"]),
        testTarget("SQLServersTests", ["TestSupport", "SQLServers", "SQL"]),
        testTarget(
            "GatewayTests",
            ["TestSupport", "stead", "Identity", "Storage", "SQL", "SQLServers"],
            exclude: ["Golden", "OpenAPI"]),
        testTarget("EndToEndTests", ["TestSupport", "stead", "SQLServers", "SQL"]),
        testTarget(
            "ControllerTests",
            [
                "TestSupport", "stead", "Control", "Controlling", "Kinds", "Manifests",
                "Resources", crypto,
            ]),
        testTarget("FleetTests", ["TestSupport", "stead"]),
        testTarget("TidyTests", []),
        library("CYAML", pkgConfig: "yaml-0.1", debian: "libyaml-dev"),
        library("CGit2", pkgConfig: "libgit2", debian: "libgit2-dev"),
        library("CSSH2", pkgConfig: "libssh2", debian: "libssh2-1-dev"),
        .systemLibrary(name: "CPosix"),
        library("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
        library("CCrypt", pkgConfig: "libxcrypt", debian: "libcrypt-dev"),
        library("CMariaDB", pkgConfig: "libmariadb", debian: "libmariadb-dev"),
        library("CPostgreSQL", pkgConfig: "libpq", debian: "libpq-dev"),
        library("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
    ]
)
