import Foundation
import Geometry
import NetworkModel
import TestSupport

@testable import Loader

/// What came out of one input.
struct Outcome {
    var tables: [Table] = []
    var report: InputReport

    var count: Int { tables.reduce(0) { $0 + $1.count } }

    /// All values of a field, batch after batch.
    func values(_ field: String) -> [FieldValue] {
        tables.flatMap { table in (0..<table.count).map { table[field: field]?[$0] ?? .null } }
    }

    func texts(_ field: String) -> [String] {
        values(field).map { value in
            switch value {
            case .null: ""
            case .text(let text): text
            case .list(let codes): codes.joined(separator: ";")
            case .integer(let number): String(number)
            case .real(let number): "\(number)"
            case .boolean(let boolean): "\(boolean)"
            }
        }
    }

    var points: [[Double]?] {
        tables.flatMap { table in (0..<table.count).map { table.point($0).map { [$0.longitude, $0.latitude] } } }
    }

    func issues(_ outcome: RowIssue.Outcome) -> [RowIssue] { report.issues.filter { $0.outcome == outcome } }
}

/// A file that lives as long as this value.
final class TemporaryFile {
    let url: URL
    private let folder: URL

    init(_ name: String, _ bytes: some Sequence<UInt8>) throws {
        folder = FileManager.default.temporaryDirectory.appending(component: "kompass-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        url = folder.appending(component: name)
        try Data(bytes).write(to: url)
    }

    convenience init(_ name: String, _ text: String) throws { try self.init(name, text.utf8) }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

/// The network that test rows are placed in.
func exampleReference() -> ReferenceData {
    var reference = ReferenceData()
    for kind in RecordKind.allCases {
        if kind != .actors, kind != .offers, let table = ExampleNetwork.tables[kind] { reference.add(table) }
    }
    return reference
}

func load(
    _ kind: RecordKind, _ url: URL, mapping: String? = nil, reference: ReferenceData = ReferenceData(),
    strict: Bool = false,
    region: String = "test", change: (inout InputDefinition) -> Void = { _ in }
) async throws -> Outcome {
    var input = InputDefinition(kind: kind, file: url)
    if let mapping {
        let file = try TemporaryFile("mapping.yaml", mapping)
        input = try Mapping(file: file.url).definition(kind: kind, file: url)
    }
    change(&input)
    let stream = try Loader(reference: reference, region: region, strict: strict).open(input)
    var tables: [Table] = []
    while let table = try await stream.next() { tables.append(table) }
    return Outcome(tables: tables, report: await stream.finish())
}

/// Loads a file of the given content.
func load(
    _ kind: RecordKind, _ content: String, name: String = "input.csv", mapping: String? = nil,
    reference: ReferenceData = ReferenceData(), strict: Bool = false
) async throws -> Outcome {
    let file = try TemporaryFile(name, content)
    return try await load(kind, file.url, mapping: mapping, reference: reference, strict: strict)
}

/// The folder of real data, or nil where this checkout has none beside it.
func testData(_ path: String) -> URL? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let folder =
        ProcessInfo.processInfo.environment["KOMPASS_TEST_DATA"].map { URL(filePath: $0) }
        ?? root.appending(path: "../shared/data").standardizedFileURL
    let file = folder.appending(path: path)
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
}
