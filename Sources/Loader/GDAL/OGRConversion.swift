import Foundation
import Subprocess

/// A file that GDAL has rewritten as a GeoPackage, in a folder of its own that lives as long as this value.
final class OGRConversion {
    /// The column in which a conversion counts rows.
    static let rowColumn = "kompass_row"

    /// The GeoPackage.
    let result: URL
    private let folder: URL
    private let tool: String

    /// Rewrites a file with `ogr2ogr`.
    ///
    /// - Throws: `LoaderError.missingTool` where GDAL is not installed, `LoaderError.toolFailed` with its message.
    init(_ input: InputDefinition, tool: String = "ogr2ogr") async throws(LoaderError) {
        self.tool = tool
        let folder = FileManager.default.temporaryDirectory.appending(component: "kompass-ogr2ogr-\(UUID().uuidString)")
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
        if let layer = input.layer {
            guard !layer.hasPrefix("-") else { throw .layer(file: input.fileName, wanted: layer, known: []) }
            arguments.append(layer)
        }
        if let encoding = input.encoding { arguments += ["-oo", "ENCODING=\(encoding.rawValue)"] }
        arguments += [
            "-lco", "FID=\(Self.rowColumn)", "-lco", "GEOMETRY_NAME=kompass_geometry", "-lco", "SPATIAL_INDEX=NO",
        ]
        let isSheet = ["xlsx", "xls", "ods"].contains(input.file.pathExtension.lowercased())
        // A sheet's header may stand below banner rows: then names are read from its row by the reader.
        let headers = input.headerRow == 1 ? "FORCE" : "DISABLE"
        // Formats that fetch or run what a file tells them to are switched off: the file may be hostile.
        var settings: [Environment.Key: String?] = [
            "GDAL_SKIP": "OGR_VRT,VRT,WFS,OAPIF,OGCAPI,CSW,HTTP,GMLAS,EEDA,Elastic,Carto,AmigoCloud,PLScenes,NGW",
            "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
        ]
        if isSheet {
            for format in ["XLSX", "XLS", "ODS"] {
                settings[.init(stringLiteral: "OGR_\(format)_HEADERS")] = headers
                settings[.init(stringLiteral: "OGR_\(format)_FIELD_TYPES")] = "STRING"
            }
        }
        let outcome: (isGood: Bool, message: String)
        do {
            let run = try await Subprocess.run(
                .name(tool), arguments: Arguments(arguments), environment: .inherit.updating(settings),
                output: .discarded, error: .string(limit: 1 << 20))
            outcome = (run.terminationStatus.isSuccess, run.standardError)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw .missingTool(
                file: input.fileName, tool: tool,
                cure: "install GDAL (Debian: apt-get install gdal-bin), or save the file as GeoPackage, GeoJSON or CSV")
        } catch {
            throw .toolFailed(file: input.fileName, tool: tool, message: "\(error)")
        }
        guard outcome.isGood, FileManager.default.fileExists(atPath: result.path) else {
            throw .toolFailed(file: input.fileName, tool: tool, message: reason(outcome.message))
        }
    }

    /// What of GDAL's messages tells a reader something.
    private func reason(_ message: String) -> String {
        if message.contains("Unable to open datasource") {
            return
                "GDAL finds no format in which it could read this; the file is damaged or of a kind it does not know. "
                + "Fetch it again, or open it in the program it comes from and save it as CSV, XLSX or GeoPackage"
        }
        let lines = message.split(separator: "\n").filter { $0.contains("ERROR") || $0.contains("FAILURE") }
        let text = lines.prefix(3).joined(separator: " ").replacing(result.path, with: "the result")
        return text.isEmpty ? "it failed without a message" : text
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
