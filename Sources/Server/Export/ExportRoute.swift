import HTTPTypes
import Hummingbird
import NIOCore

extension Site {
    /// The size of the pieces in which exports are made and sent.
    static let exportPiece = 256 << 10

    /// A whole collection, or what a request selects of it, as a file.
    func export(_ collection: FeatureCollection, _ exchange: Exchange) async throws -> Answer {
        let served = exchange.served
        let version = served.version(of: collection)
        try exchange.query.require(only: collection.exportParameters.map(\.name))
        let form = try exchange.exportFormat()
        let request = try await itemsRequest(exchange, collection, parameters: collection.exportParameters)
        let parameters = request.exportParameters(form)
        let key = "\(version) /export \(collection.id)?\(QueryParameters.encode(parameters))"
        let (file, description) = try await workers(of: exchange).run(for: exchange.client) { cancellation in
            let selection = try served.select(request, cancellation: cancellation)
            return (
                try Export(selection, request, form: form, version: version),
                ExportDescription(collection, fields: selection.table.fields, in: served.snapshot)
            )
        }
        let stream: Answer.BodyStream =
            form == .gpkg
            ? self.stream(for: exchange.client) { path, cancellation in
                try file.writeGeoPackage(to: path, description.file, cancellation: cancellation)
            } : pieces(from: 0, of: Self.exportPiece) { file.write(from: $0, into: &$1, upTo: $2) }
        var headers = collection.headers(exchange, crs: request.crs)
        let name = served.snapshot.exportName(collection, form: form)
        headers.set("Content-Disposition", "attachment; filename=\"\(name)\"")
        return Answer(
            .stream(mediaType: form.mediaType, tag: served.tag(of: key), stream), caching: .revalidate,
            vary: ["Accept"],
            headers: headers)
    }
}

extension Exchange {
    /// Chooses the form of an export: by `f`, else by `Accept`.
    ///
    /// - Throws: a problem of status 400 for an unknown `f`, 406 where the client accepts none.
    func exportFormat() throws(Problem) -> ExportFormat {
        let names = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        if let name = query[QueryParameter.exportFormat.name] {
            guard let format = ExportFormat(rawValue: name) else {
                throw Problem(
                    .badRequest, "parameter 'f' has the value '\(name.clipped)'; expected one of \(names)",
                    parameter: QueryParameter.exportFormat.name)
            }
            return format
        }
        let offers = [
            [MediaTypes.geoJSON, MediaTypes.json], [ExportFormat.geojsonseq.mediaType], ["text/csv"],
            [ExportFormat.gpkg.mediaType],
        ]
        guard let choice = Negotiation.mediaType(head.headerFields[.accept], offers: offers) else {
            throw Problem(.notAcceptable, "available here, by f: \(names)")
        }
        return [.geojson, .geojsonseq, .csv, .gpkg][choice]
    }
}

extension FeatureCollection {
    /// The parameters of its exports: those of its items, but for pages and languages.
    var exportParameters: [QueryParameter] {
        let paging = [QueryParameter.limit, .cursor, .offset, .format, .language].map(\.name)
        return parameters.filter { !paging.contains($0.name) } + [.exportFormat]
    }
}

extension ItemsRequest {
    /// The parameters of a link to an export of the same selection.
    func exportParameters(_ form: ExportFormat) -> [QueryParameters.Item] {
        let paging = [QueryParameter.limit, .offset].map(\.name)
        return parameters(cursor: nil, format: form.rawValue).filter { !paging.contains($0.name) }
    }
}
