import Analysis
import Foundation
import Geometry
import NetworkModel
import Store

/// The inputs of all requests, each read once.
final class Inputs {
    private var tables: [String: NumberTable] = [:]
    private var surfaces: [String: Any] = [:]
    private var projects: [String: Project] = [:]

    /// A project file and what a server keeps for its snapshot.
    struct Project {
        let snapshot: Snapshot
        let demand: Demand
        let index: DemandIndex
        let outlines: AreaOutlines
    }

    /// The columns of a NumPy file, of `PATH,N` only the first N rows.
    func table(_ reference: String) throws -> NumberTable {
        let parts = reference.split(separator: ",").map(String.init)
        let table = try tables[parts[0]] ?? NumberTable(numpy: parts[0])
        tables[parts[0]] = table
        guard parts.count > 1, let count = Int(parts[1]) else { return table }
        return table.prefix(count)
    }

    /// Two columns of a NumPy file as positions.
    func positions<Frame>(_ reference: String, _: Frame.Type = Frame.self) throws -> [Coordinate<Frame>] {
        let table = try table(reference)
        return zip(table.columns[0], table.columns[1]).map { Coordinate(x: $0, y: $1) }
    }

    /// The polygons of a file of well-known binaries, each after its length in four bytes, little-endian.
    func surfaces<Frame>(_ path: String, _: Frame.Type = Frame.self) throws -> [MultiPolygon<Frame>] {
        if let known = surfaces[path] as? [MultiPolygon<Frame>] { return known }
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var result: [MultiPolygon<Frame>] = []
        var position = 0
        while position + 4 <= bytes.count {
            let length = bytes[position..<position + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard position + 4 + length <= bytes.count else { throw BenchError("\(path) is cut off") }
            let geometry: FeatureGeometry<Frame> = try WellKnownBinary.decode(
                Array(bytes[position + 4..<position + 4 + length]))
            result.append(geometry.surface)
            position += 4 + length
        }
        surfaces[path] = result
        return result
    }

    /// A project file, read as the server reads it.
    func project(_ path: String) throws -> Project {
        if let known = projects[path] { return known }
        let snapshot = try ProjectFile(path: path).snapshot()
        let demand = try Demand(snapshot)
        let project = Project(
            snapshot: snapshot, demand: demand, index: DemandIndex(demand),
            outlines: try AreaOutlines(snapshot, demand: demand))
        projects[path] = project
        return project
    }
}

/// A table of 64-bit floating-point numbers as columns.
struct NumberTable {
    let columns: [[Double]]

    /// Reads a NumPy file of version 1: little-endian doubles, rows one after another.
    init(numpy path: String) throws {
        let data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        guard data.count > 10, data.starts(with: [0x93] + Array("NUMPY".utf8)), data[6] == 1 else {
            throw BenchError("\(path) is no NumPy file of version 1")
        }
        let start = 10 + Int(data[8]) + Int(data[9]) << 8
        let header = String(decoding: data[10..<start], as: UTF8.self)
        guard header.contains("'<f8'"), header.contains("'fortran_order': False"),
            let shape = header.firstMatch(of: /'shape': \((\d+), (\d+)\)/), let rows = Int(shape.1),
            let width = Int(shape.2), data.count == start + rows * width * 8
        else { throw BenchError("\(path) is no table of doubles by rows: \(header)") }
        columns = data.withUnsafeBytes { bytes in
            (0..<width).map { column in
                (0..<rows).map { row in
                    bytes.loadUnaligned(fromByteOffset: start + (row * width + column) * 8, as: Double.self)
                }
            }
        }
    }

    private init(_ columns: [[Double]]) { self.columns = columns }

    func prefix(_ count: Int) -> NumberTable { NumberTable(columns.map { Array($0.prefix(count)) }) }
}
