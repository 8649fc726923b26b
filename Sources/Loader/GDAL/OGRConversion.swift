import Foundation
import Subprocess

/// A file that GDAL has rewritten as a GeoPackage, in a folder of its own that lives as long as this value.
final class OGRConversion {
    /// The GeoPackage.
    let result: URL
    private let folder: URL

    /// Rewrites a file with `ogr2ogr`.
    ///
    /// - Throws: `LoaderError.missingTool` where GDAL is not installed, `LoaderError.toolFailed` with its message.
    init(_ input: InputDefinition) async throws(LoaderError) {
        let folder = FileManager.default.temporaryDirectory.appending(component: "kompass-\(UUID().uuidString)")
        self.folder = folder
        result = folder.appending(component: "converted.gpkg")
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unreadableFile(
                file: input.fileName,
                reason: "no temporary folder can be made in \(folder.deletingLastPathComponent().path)")
        }
        try await convert(input)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func convert(_ input: InputDefinition) async throws(LoaderError) {
        var arguments = ["-f", "GPKG", result.path, Self.address(input.file), "-nlt", "CONVERT_TO_LINEAR"]
        // Names stay as they are; every layer is kept until one is chosen.
        if let layer = input.layer { arguments.append(layer) }
        if let encoding = input.encoding { arguments += ["-oo", "ENCODING=\(encoding.rawValue)"] }
        arguments += ["-lco", "FID=kompass_fid", "-lco", "GEOMETRY_NAME=kompass_geometry", "-lco", "SPATIAL_INDEX=NO"]
        let isSheet = ["xlsx", "xls", "ods"].contains(input.file.pathExtension.lowercased())
        // A sheet's header may stand below banner rows: then names are read from its row by the reader.
        let headers = input.headerRow == 1 ? "FORCE" : "DISABLE"
        let settings: [Environment.Key: String?] =
            isSheet
            ? [
                "OGR_XLSX_HEADERS": headers, "OGR_XLS_HEADERS": headers, "OGR_ODS_HEADERS": headers,
                "OGR_XLSX_FIELD_TYPES": "STRING", "OGR_XLS_FIELD_TYPES": "STRING", "OGR_ODS_FIELD_TYPES": "STRING",
            ] : [:]
        let outcome: (isGood: Bool, message: String)
        do {
            let run = try await Subprocess.run(
                .name("ogr2ogr"), arguments: Arguments(arguments), environment: .inherit.updating(settings),
                output: .discarded, error: .string(limit: 1 << 20))
            outcome = (run.terminationStatus.isSuccess, run.standardError)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw .missingTool(
                file: input.fileName, tool: "ogr2ogr",
                cure: "install GDAL (Debian: apt-get install gdal-bin), or save the file as GeoPackage, GeoJSON or CSV")
        } catch {
            throw .toolFailed(file: input.fileName, tool: "ogr2ogr", message: "\(error)")
        }
        guard outcome.isGood, FileManager.default.fileExists(atPath: result.path) else {
            let lines = outcome.message.split(separator: "\n").filter { $0.contains("ERROR") || $0.contains("FAILURE") }
            let message = lines.prefix(3).joined(separator: " ").replacing(result.path, with: "the result")
            throw .toolFailed(file: input.fileName, tool: "ogr2ogr", message: message.isEmpty ? "no message" : message)
        }
    }

    /// The path as GDAL wants it: archives are opened where they are.
    private static func address(_ file: URL) -> String {
        switch file.pathExtension.lowercased() {
        case "zip", "shz": "/vsizip/" + file.path
        case "gz": "/vsigzip/" + file.path
        default: file.path
        }
    }
}
