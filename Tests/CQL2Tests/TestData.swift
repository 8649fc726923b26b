import CQL2
import Foundation
import Geometry
import Testing

/// The folder of real data: `KOMPASS_TEST_DATA`, else `../shared/data` beside the package. Tests of real data are
/// skipped, with a message, where it is absent.
enum TestData {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["KOMPASS_TEST_DATA"] { return URL(filePath: path) }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
    }()

    static let geoPackage = folder.appending(path: "cql2/ne110m4cql2.gpkg")
    static let cases = folder.appending(path: "cql2/cases.csv")
    private static let sqlite = "/usr/bin/sqlite3"

    static var isPresent: Bool {
        [geoPackage.path, cases.path, sqlite].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }

    static let absence: Comment = "no CQL2 data set, or no sqlite3: set KOMPASS_TEST_DATA to the folder of real data"

    /// What the `sqlite3` command answers.
    static func query(_ sql: String, arguments: [String] = ["-json"]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: sqlite)
        process.arguments = arguments + ["-readonly", geoPackage.path]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // The statements fit into the pipe's buffer or are read while the answer is still short.
        input.fileHandleForWriting.write(Data(sql.utf8))
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return data
    }

    /// The rows of a CSV file after RFC 4180, its header left out.
    static func csv(_ url: URL) throws -> [[String]] {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        var previousWasQuote = false
        for character in try String(contentsOf: url, encoding: .utf8).replacing("\r\n", with: "\n") {
            let row = rows.count - 1
            let field = rows[row].count - 1
            if character == "\"" {
                // A doubled quote within quotes is a quote.
                if !isQuoted, previousWasQuote { rows[row][field].append("\"") }
                previousWasQuote = isQuoted
                isQuoted.toggle()
                continue
            }
            previousWasQuote = false
            switch character {
            case "," where !isQuoted: rows[row].append("")
            case "\n" where !isQuoted: rows.append([""])
            default: rows[row][field].append(character)
            }
        }
        return rows.dropFirst().filter { $0 != [""] }
    }
}

/// One table of the GeoPackage.
struct Collection: Sendable {
    let queryables: [Queryable]
    let rows: [Row]

    struct Row: PropertyValues {
        let values: [Value]

        func value(of queryable: Int) -> Value { values[queryable] }
    }

    init(_ name: String) throws {
        let columns = try #require(
            try JSONSerialization.jsonObject(with: TestData.query("PRAGMA table_info(\(name));")) as? [[String: Any]])
        queryables = try columns.map { column in
            let type = try #require(column["type"] as? String)
            let name = try #require(column["name"] as? String)
            return Queryable(name, try Self.type(type))
        }
        let selection = queryables.map {
            $0.type == .geometry ? "hex(\"\($0.name)\") AS \"\($0.name)\"" : "\"\($0.name)\""
        }
        let sql = "SELECT \(selection.joined(separator: ", ")) FROM \(name) ORDER BY fid;"
        let objects = try #require(try JSONSerialization.jsonObject(with: TestData.query(sql)) as? [[String: Any]])
        let queryables = queryables
        rows = try objects.map { object in
            Row(values: try queryables.map { try Self.value(object[$0.name], $0.type) })
        }
    }

    private static func type(_ declared: String) throws -> QueryableType {
        switch declared {
        case "DATE": .date
        case "DATETIME": .timestamp
        case "BOOLEAN": .boolean
        case "INTEGER", "REAL": .number
        case "POINT", "LINESTRING", "MULTIPOLYGON": .geometry
        default: try #require(declared.hasPrefix("TEXT") ? .string : nil)
        }
    }

    private static func value(_ value: Any?, _ type: QueryableType) throws -> Value {
        guard let value, !(value is NSNull) else { return .null }
        switch type {
        case .string: return .string(try #require(value as? String))
        case .number:
            let number = try #require(value as? NSNumber).doubleValue
            return number == number.rounded() ? .integer(Int64(number)) : .real(number)
        case .boolean: return .boolean(try #require(value as? NSNumber).intValue == 1)
        case .date:
            let text = try #require(value as? String)
            return .date(try #require(CalendarDate(text)))
        case .timestamp:
            let text = try #require(value as? String)
            return .timestamp(try #require(Timestamp(text.hasSuffix("Z") ? text : text + "Z")))
        case .geometry:
            let digits = try #require(value as? String).compactMap(\.hexDigitValue)
            let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
            return .geometry(try GeoPackageBlob<Geographic>(decoding: bytes).geometry)
        case .interval, .list: return .null
        }
    }

    func bind(_ text: String) throws -> BoundFilter { try Filter(text: text).bind(to: queryables) }

    func count(_ filter: BoundFilter, _ relations: GEOSRelations) throws -> Int {
        try rows.count { try filter.matches($0, relations: relations) }
    }
}
