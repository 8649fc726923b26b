import Analysis
import HTTPTypes
import NetworkModel

extension Site {
    /// Several collections as files in a ZIP archive, with a README that says what they are and whose.
    func archive(_ exchange: Exchange) async throws -> Answer {
        let served = exchange.served
        try exchange.query.require(only: QueryParameter.archive.map(\.name))
        let form =
            exchange.query[QueryParameter.exportFormat.name] == nil
            ? ExportFormat.geojson : try exchange.exportFormat()
        let collections = try served.archived(exchange.query[QueryParameter.archived.name])
        var requests: [(FeatureCollection, ItemsRequest)] = []
        for collection in collections {
            requests.append(
                (
                    collection,
                    try ItemsRequest(
                        QueryParameters(exchange.query.picking([QueryParameter.crs.name])), collection: collection,
                        parameters: [.crs], version: served.version(of: collection), coordinates: coordinates)
                ))
        }
        guard Negotiation.mediaType(exchange.head.headerFields[.accept], offers: [["application/zip"]]) != nil else {
            throw Problem(.notAcceptable, "available here: application/zip")
        }
        let plan = requests
        let stream = stream(for: exchange.client) { path, cancellation in
            try served.writeArchive(of: plan, form: form, to: path, cancellation: cancellation)
        }
        let versions = collections.map { "\($0.id)@\(served.version(of: $0))" }.joined(separator: ",")
        let crs = exchange.query[QueryParameter.crs.name] ?? ""
        var headers: HTTPFields = [:]
        headers.set(
            "Content-Disposition",
            "attachment; filename=\"\(served.archiveName(collections)).zip\"")
        return Answer(
            .stream(
                mediaType: "application/zip", tag: served.tag(of: "/export \(versions) \(form.rawValue) \(crs)"), stream
            ),
            caching: .revalidate, vary: ["Accept"], headers: headers)
    }
}

extension ServedSnapshot {
    /// The collections that a request for an archive names.
    ///
    /// - Throws: a problem of status 400 for one that there is not, or that stands twice.
    fileprivate func archived(_ text: String?) throws(Problem) -> [FeatureCollection] {
        guard let text else { return collections.filter { $0.question == nil } }
        var result: [FeatureCollection] = []
        for id in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            guard let collection = collections.first(where: { $0.id == id }), !result.contains(where: { $0.id == id })
            else {
                throw Problem(
                    .badRequest,
                    """
                    parameter 'collections' has the value '\(text.clipped)'; expected different ones of \
                    \(collections.map(\.id).joined(separator: ", "))
                    """, parameter: QueryParameter.archived.name)
            }
            result.append(collection)
        }
        return result
    }

    /// The name of an archive, without its ending: as of when and of which version.
    fileprivate func archiveName(_ collections: [FeatureCollection]) -> String {
        let day = snapshot.asOf.map { ["\($0)"] } ?? []
        let layers = collections.compactMap { try? layer(of: $0).layer.version }
        let version = layers.count < collections.count ? version : DataVersion(joining: layers).description
        return (["kompass"] + day + [version]).joined(separator: "-")
    }

    /// Writes an archive. Blocks; memory does not grow with the number of features.
    ///
    /// - Throws: `StoredArchive.Failure`; what the file system says.
    fileprivate func writeArchive(
        of plan: [(FeatureCollection, ItemsRequest)], form: ExportFormat, to path: String, cancellation: Cancellation
    ) throws {
        let day = snapshot.asOf.flatMap { ReducedDate(packed: $0.lastDay) }
        let archive = try StoredArchive(path: path, date: (day?.year ?? 1980, day?.month ?? 1, day?.day ?? 1))
        var readme = [
            "Kompass", "",
            "Die Dateien dieses Archivs und was sie bedeuten. / The files of this archive and what they mean.", "",
        ].joined(separator: "\n")
        for (collection, request) in plan {
            let selection = try select(request, cancellation: cancellation)
            let export = try Export(selection, request, form: form, version: version(of: collection))
            let description = ExportDescription(collection, fields: selection.table.fields, in: snapshot)
            let name = "\(collection.id).\(form.fileExtension)"
            readme += "\n== \(name)\n\n\(description.text)"
            try archive.append(name) { take in
                if form == .gpkg {
                    let file = try TemporaryFile()
                    try export.writeGeoPackage(to: file.path, description.file, cancellation: cancellation)
                    return try file.forEachPiece { try take(Array($0)) }
                }
                var position: Int? = 0
                while let start = position {
                    try cancellation.check()
                    var bytes: [UInt8] = []
                    position = export.write(from: start, into: &bytes, upTo: 1 << 20)
                    try take(bytes)
                }
            }
        }
        try archive.append("README.txt") { try $0(Array(readme.utf8)) }
        try archive.finish()
    }
}
