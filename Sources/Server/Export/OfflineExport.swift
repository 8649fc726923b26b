import Analysis
import Geometry
import HTTPTypes
public import NetworkModel

/// Writes collections to files without a server: the same parameters, the same refusals and the same bytes as at
/// `/api/collections/{id}/export`.
public struct OfflineExport: Sendable {
    /// The forms of a file.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// A FeatureCollection (RFC 7946).
        case geojson
        /// A feature in each record (RFC 8142).
        case geojsonseq
        /// RFC 4180, UTF-8.
        case csv
        /// CSV as a German Excel opens it: byte order mark, semicolons, decimal commas.
        case csvExcel = "csv-excel"
        /// A GeoPackage with one table.
        case gpkg
    }

    private let snapshot: Snapshot
    /// The size of the pieces in which files are made.
    private static let piece = 1 << 20

    /// Takes the data.
    public init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// The identifiers of the collections.
    public var collections: [String] { FeatureCollection.all(in: snapshot).map(\.id) }

    /// Writes a collection, or what parameters select of it, piece by piece. Blocks for as long as it takes.
    ///
    /// - Parameters:
    ///   - parameters: names and values as in a query; a name that stands twice is refused.
    ///   - sink: takes the pieces in their order.
    /// - Returns: the number of features.
    /// - Throws: `AnalysisRefusal`, before anything is written; what the sink throws.
    public func write(
        _ id: String, parameters: [(name: String, value: String)], form: Form, to sink: ([UInt8]) throws -> Void
    ) throws -> Int {
        let (file, description) = try file(id, parameters, form)
        if form == .gpkg {
            let whole = try TemporaryFile()
            try file.writeGeoPackage(to: whole.path, description.file, cancellation: .never)
            try whole.forEachPiece { try sink(Array($0)) }
            return file.count
        }
        var position: Int? = 0
        while let start = position {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(Self.piece + 4096)
            position = file.write(from: start, into: &bytes, upTo: Self.piece)
            try sink(bytes)
        }
        return file.count
    }

    private func file(
        _ id: String, _ parameters: [QueryParameters.Item], _ form: Form
    ) throws(AnalysisRefusal) -> (Export, ExportDescription) {
        do {
            let all = FeatureCollection.all(in: snapshot)
            guard let collection = all.first(where: { $0.id == id }) else {
                throw Problem(
                    .notFound,
                    "there is no collection '\(id.clipped)'; there are \(all.map(\.id).joined(separator: ", "))")
            }
            let request = try ItemsRequest(
                QueryParameters(parameters), collection: collection, parameters: collection.exportParameters,
                version: snapshot.dataVersion.description, coordinates: CoordinateExchange(threads: 1))
            let selection =
                switch request.filter {
                case .records(let kind, let filter):
                    try FeatureSelection(
                        request, filter, of: kind, FeatureTable(kind, in: snapshot), in: snapshot,
                        cancellation: .never)
                case .analysis(let question):
                    try FeatureSelection(
                        request, of: try Analyst(snapshot).answer(question), cancellation: .never)
                case .layer: throw Problem(.notFound, "there is no collection '\(id.clipped)'")
                }
            return (
                try Export(selection, request, form: form.format, version: snapshot.dataVersion.description),
                ExportDescription(collection, fields: selection.table.fields, in: snapshot)
            )
        } catch let problem as Problem {
            throw AnalysisRefusal(message: problem.detail, isUsage: problem.status.kind == .clientError)
        } catch {
            throw AnalysisRefusal(message: "\(error)", isUsage: false)
        }
    }
}

extension OfflineExport.Form {
    fileprivate var format: ExportFormat {
        switch self {
        case .geojson: .geojson
        case .geojsonseq: .geojsonseq
        case .csv: .csv
        case .csvExcel: .csvExcel
        case .gpkg: .gpkg
        }
    }
}
