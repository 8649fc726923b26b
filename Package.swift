// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled in language mode 6 with these settings.
var settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// `tools/test` sets this: warnings are errors there, and the release build that the acceptance tests drive is the one
// that the unit tests look into. Users' builds stay tolerant of newer compilers.
if Context.environment["KOMPASS_TESTING"] == "1" {
    settings += [.treatAllWarnings(as: .error), .unsafeFlags(["-enable-testing"])]
}

let package = Package(
    name: "kompass",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "kompass", targets: ["kompass"]),
        // For the benchmarks in tools/bench, a package of its own.
        .library(name: "Geometry", targets: ["Geometry"]),
        .library(name: "NetworkModel", targets: ["NetworkModel"]),
        .library(name: "Analysis", targets: ["Analysis"]),
        .library(name: "Store", targets: ["Store"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", exact: "1.0.2"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CGEOS", pkgConfig: "geos", providers: [.apt(["libgeos-dev"])]),
        .systemLibrary(name: "CPROJ", pkgConfig: "proj", providers: [.apt(["libproj-dev"])]),
        .target(name: "Geometry", dependencies: ["CGEOS", "CPROJ"], swiftSettings: settings),
        .target(name: "CQL2", dependencies: ["Geometry"], swiftSettings: settings),
        .target(
            name: "NetworkModel",
            dependencies: [
                "CQL2", "Geometry",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Loader",
            dependencies: [
                "Geometry", "NetworkModel",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Store",
            dependencies: [
                "Geometry", "NetworkModel",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .target(name: "Analysis", dependencies: ["Geometry", "NetworkModel"], swiftSettings: settings),
        .target(
            name: "VectorTiles",
            dependencies: ["Geometry", "NetworkModel"],
            swiftSettings: settings
        ),
        .target(
            name: "Server",
            dependencies: [
                "Geometry", "NetworkModel", "Store", "Analysis", "VectorTiles",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "kompass",
            dependencies: [
                "Analysis", "Geometry", "NetworkModel", "Loader", "Store", "VectorTiles", "Server",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport", dependencies: ["Geometry", "NetworkModel"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .testTarget(name: "GeometryTests", dependencies: ["Geometry", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "CQL2Tests", dependencies: ["CQL2", "Geometry", "CGEOS", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "NetworkModelTests", dependencies: ["NetworkModel", "Geometry", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "LoaderTests", dependencies: ["Loader", "NetworkModel", "Geometry", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "VectorTilesTests", dependencies: ["VectorTiles", "NetworkModel", "Geometry", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "AnalysisTests", dependencies: ["Analysis", "NetworkModel", "Geometry", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Store", "NetworkModel", "Geometry", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Analysis", "NetworkModel", "Geometry", "VectorTiles", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
    ]
)
