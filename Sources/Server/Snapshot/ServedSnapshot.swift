import HTTPTypes
import NetworkModel
import VectorTiles

/// A snapshot with all that is made from it: tiles, writers and cached answers.
///
/// A request takes one and uses it throughout. What is cached here is dropped with it, so nothing of an old version
/// can be answered under a new one. Safe to use from any thread.
final class ServedSnapshot: Sendable {
    let snapshot: Snapshot
    let tiles: TileSource
    let collections: [FeatureCollection]
    /// Finished tiles.
    let tileCache: BoundedCache<TileKey, Representation>
    /// What tiles are asked for by queries: the tiles of one view differ in their place alone.
    let tileQueries = BoundedCache<String, TileQuery>(limit: 4 << 20)
    /// What stands for the version in tile URLs: the data, and the identity of all else that tiles depend on (tileset
    /// file, making of tiles, definitions of figures). A URL with another one is never answered as one that may be kept.
    let tileVersion: String
    /// What stands for the version of everything else that is made from the data: the data, and the program, its files
    /// and definitions. An answer of another program is another answer, though the data are the same.
    let contentVersion: String
    /// Other finished answers by what identifies them.
    let representations = BoundedCache<String, Representation>(limit: 64 << 20)
    /// The rows that a selection gives, so that the pages of one walk select once.
    let selections = BoundedCache<String, FeatureSelection>(limit: 128 << 20)
    /// The offers that a filter gives.
    let offerSelections = BoundedCache<OfferFilter, OfferSelection>(limit: 64 << 20)
    /// The points that tiles of a filter show, with their clusters.
    let tilePoints = BoundedCache<OfferFilter, ChosenPoints>(limit: 192 << 20)
    /// Answers analytical questions.
    let analyst: Analyst
    /// The rural index of the regions, once the watcher or a visitor has asked for it.
    let ruralOfRegions = Once<RuralAnswer>()
    /// Hands its answers to the tiles.
    let tileAnswers: TileAnswers
    private let features: [RecordKind: FeatureTable]
    private let layers: [String: ServedLayer]
    /// What tells this content from any other: of the project and of all layers.
    let state: DataVersion

    /// Prepares a snapshot for serving. Blocks for as long as it takes; call it off the event loops.
    ///
    /// - Parameters:
    ///   - tileCacheLimit: how many bytes of finished tiles are kept, 0 for none.
    ///   - maker: the identity of the program and of its files.
    init(_ content: ServedContent, tileset: Tileset, tileCacheLimit: Int, maker: String) throws(TileError) {
        snapshot = content.snapshot
        tileCache = BoundedCache(limit: tileCacheLimit)
        let makings = [tileset.fingerprint] + Definition.versions
        let version = { (makings: [String]) in
            "\(content.snapshot.dataVersion)-\(EntityTag.weak(makings.joined(separator: "\n")).opaque.prefix(12))"
        }
        tileVersion = version(makings)
        contentVersion = version(makings + [maker])
        tiles = try TileSource(snapshot: snapshot, tileset: tileset)
        collections =
            (content.hasProject ? FeatureCollection.all(in: snapshot) : [])
            + content.layers.map(FeatureCollection.init)
        layers = Dictionary(content.layers.map { ($0.id, $0) }) { first, _ in first }
        state = DataVersion(joining: [snapshot.dataVersion] + content.layers.map(\.layer.version))
        analyst = Analyst(snapshot)
        tileAnswers = TileAnswers(analyst, tileset: tileset)
        var features: [RecordKind: FeatureTable] = [:]
        for kind in collections.compactMap(\.kind) { features[kind] = FeatureTable(kind, in: snapshot) }
        self.features = features
    }

    /// The version as it stands in URLs, tags and answers.
    var version: String { snapshot.dataVersion.description }

    /// The tag of an answer that a text names among those of this content.
    func tag(of name: String) -> EntityTag { .weak("\(contentVersion) \(name)") }

    /// The version of a collection's content: the project's, or that of the layer.
    func version(of collection: FeatureCollection) -> String { collection.version ?? version }

    /// The layer that a collection shows.
    func layer(of collection: FeatureCollection) throws(Problem) -> ServedLayer {
        guard let layer = layers[collection.id] else {
            throw Problem(.notFound, "there is no collection '\(collection.id.clipped)'")
        }
        return layer
    }

    /// The collection with an identifier.
    func collection(_ id: String) throws(Problem) -> FeatureCollection {
        guard let collection = collections.first(where: { $0.id == id }) else {
            throw Problem(
                .notFound,
                "there is no collection '\(id.clipped)'; there are \(collections.map(\.id).joined(separator: ", "))")
        }
        return collection
    }

    /// The records of a kind as features.
    func features(of kind: RecordKind) -> FeatureTable { features[kind] ?? FeatureTable(kind, in: snapshot) }

    /// The features of a collection; nil where only an analysis has them.
    func features(of collection: FeatureCollection) -> FeatureTable? {
        switch collection.source {
        case .records(let kind): features(of: kind)
        case .analysis: nil
        case .layer: layers[collection.id]?.table
        }
    }

    /// The fields that stand among the properties of a collection's features.
    func properties(of collection: FeatureCollection) throws -> [Field] {
        let fields = try fields(of: collection)
        return collection.isLayer ? Array(fields.dropFirst()) : fields
    }

    /// The fields of a collection's features; those of an analysis as they are where nothing is asked for.
    func fields(of collection: FeatureCollection) throws -> [Field] {
        switch collection.source {
        case .records(let kind): features(of: kind).fields
        case .analysis(let question):
            try analyst.answer(AnalyticalQuery(question, QueryParameters())).table.fields
        case .layer: try layer(of: collection).layer.fields
        }
    }
}
