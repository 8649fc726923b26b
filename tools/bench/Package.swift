// swift-tools-version: 6.2
import PackageDescription

/// The benchmarks of the spatial core: a package of its own, so that users of Kompass never resolve or build it.
let package = Package(
    name: "kompass-bench",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "kompass", path: "../..")],
    targets: [
        .executableTarget(
            name: "kompass-bench",
            dependencies: [
                .product(name: "Geometry", package: "kompass"),
                .product(name: "NetworkModel", package: "kompass"),
                .product(name: "Analysis", package: "kompass"),
                .product(name: "Store", package: "kompass"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]
        )
    ]
)
