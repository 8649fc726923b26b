internal import Foundation
internal import GRDB
public import NetworkModel

/// A GeoPackage of anybody's making, whose tables are served as they are, read-only.
///
/// A value that names the file; each call opens it, works in one transaction and closes it. The file is not trusted: its
/// schema may call no functions but harmless ones, and every value is checked.
public struct GeoPackageFile: Sendable, Hashable {
    /// The path as the user gave it.
    public let path: String

    /// Names a file.
    public init(path: String) { self.path = path }

    /// What tells two states of the file apart without opening it; cheap enough to ask for every second.
    public func changeToken() throws(StoreError) -> ChangeToken {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .notAGeoPackage(path: path, reason: "there is no such file")
        }
        return try ProjectFile(path: path).changeToken()
    }

    /// Reads all tables of features and attributes, in the order of their names.
    ///
    /// - Complexity: O(bytes). Blocks; call it off the event loops.
    /// - Throws: `StoreError.notAGeoPackage`, `.unusableTable` with the column or row, and what SQLite reports.
    public func layers() throws(StoreError) -> [Layer] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .notAGeoPackage(path: path, reason: "there is no such file")
        }
        do {
            return try ProjectFile(path: path).openForReading(isTrusted: false).read { db in
                try tables(db).map { table in
                    do {
                        return try LayerTableReader(table, file: stem, db).read()
                    } catch let fault as LayerFault {
                        throw StoreError.unusableTable(path: path, table: table.name, reason: fault.reason)
                    } catch let error as DatabaseError {
                        throw StoreError.unusableTable(
                            path: path, table: table.name, reason: error.message ?? "\(error.resultCode)")
                    }
                }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The name without folder and ending.
    private var stem: String { URL(filePath: path).deletingPathExtension().lastPathComponent }

    private func tables(_ db: Database) throws -> [ContentsRow] {
        guard try db.tableExists("gpkg_contents") else {
            throw StoreError.notAGeoPackage(path: path, reason: "it has no table gpkg_contents")
        }
        // A project holds records that are not to be published; only as a project do they stay unpublished.
        guard try !db.tableExists("kompass_project") else {
            throw StoreError.notAGeoPackage(
                path: path, reason: "it is a Kompass project file; serve it as the project instead")
        }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT table_name, data_type, identifier, description FROM gpkg_contents
                WHERE data_type IN ('features', 'attributes', 'aspatial') ORDER BY table_name
                """)
        let tables = rows.compactMap { row in
            (row[0] as String?).map {
                ContentsRow(
                    name: $0, isFeatures: row[1] == "features", identifier: row[2] as String?,
                    description: row[3] as String?)
            }
        }
        guard !tables.isEmpty else {
            throw StoreError.notAGeoPackage(
                path: path, reason: "gpkg_contents lists no table of features or attributes")
        }
        return tables
    }
}

/// A row of `gpkg_contents`.
struct ContentsRow {
    let name: String
    let isFeatures: Bool
    let identifier: String?
    let description: String?
}

/// Why a table cannot be served.
struct LayerFault: Error {
    let reason: String
}
