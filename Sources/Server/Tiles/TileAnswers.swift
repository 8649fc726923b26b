import Analysis
import NetworkModel
import VectorTiles

/// Hands the answers of analyses to the tiles of one snapshot: as layers (`gaps`, `access`) and as figures of areas.
///
/// The rural index is computed once, when the first tile with areas is asked for; what a filter changes is kept per
/// question. Blocks for as long as an analysis takes: call it off the event loops. Safe to use from any thread.
final class TileAnswers: Sendable {
    private let analyst: Analyst
    private let tileset: Tileset
    private let rural = Once<[Tileset.Content: AreaColumns]>()
    private let rows = BoundedCache<String, TileRows>(limit: 128 << 20)
    private let figures = BoundedCache<String, TileAdditions.Figures>(limit: 32 << 20)

    /// Columns of areas, and the same as tiles take them.
    private struct AreaColumns: Sendable {
        let columns: [(name: String, values: Column)]
        let figures: TileAdditions.Figures

        init(_ columns: [(name: String, values: Column)]) {
            self.columns = columns
            figures = TileAdditions.Figures(columns)
        }
    }

    /// Takes what answers. Nothing is computed yet.
    init(_ analyst: Analyst, tileset: Tileset) {
        self.analyst = analyst
        self.tileset = tileset
    }

    /// The levels of the layers that can carry figures.
    private static let levels: [(content: Tileset.Content, area: AreaLevel, rural: RuralLevel)] = [
        (.districts, .district, .district), (.municipalities, .municipality, .municipality),
    ]

    /// What tiles of some layers need beside the snapshot.
    ///
    /// - Parameters:
    ///   - layers: the names of the wanted layers, nil for those that are there by themselves.
    ///   - zoom: the zoom of the tile, nil for tiles of all zooms.
    ///   - questions: the questions of layers that are answers, and of the figures that are asked for.
    /// - Throws: as `Analyst.answer` does; `TileError`.
    func additions(
        layers: [String]?, zoom: Int?, questions: TileQuestions, cancellation: Cancellation = .never
    ) throws -> TileAdditions {
        var result = TileAdditions()
        let wanted = tileset.layers.filter { layer in
            (layers?.contains(layer.content.rawValue) ?? true) && (zoom.map(layer.zooms.contains) ?? true)
        }
        for layer in wanted {
            if let question = questions.rows[layer.content] {
                result.rows[layer.content] = try rows(layer, question, cancellation)
            }
            guard Self.levels.contains(where: { $0.content == layer.content }) else { continue }
            if let question = questions.coverage[layer.content], layer.holds(.coverage) {
                result.figures[layer.content] = try figures(layer, question, cancellation)
            } else {
                result.figures[layer.content] = ruralColumns(of: layer)?.figures
            }
        }
        return result
    }

    /// Refuses areas that there are not, as an answer to the questions would, without answering them.
    func check(_ questions: TileQuestions) throws {
        do {
            for question in Array(questions.rows.values) + Array(questions.coverage.values) {
                _ = try analyst.areaChoice(question)
            }
        } catch let error as FilterError {
            throw Problem(error)
        }
    }

    /// The same for tiles without questions, where it is at hand: nil where something has to be computed.
    func additionsAtHand(layers: [String]?, zoom: Int) -> TileAdditions? {
        var result = TileAdditions()
        for layer in tileset.layers
        where layer.holds(.rural) && (layers?.contains(layer.content.rawValue) ?? true) && layer.zooms.contains(zoom) {
            guard let rural = rural.known else { return nil }
            result.figures[layer.content] = rural[layer.content]?.figures
        }
        return result
    }

    // MARK: - Layers

    private func rows(
        _ layer: Tileset.Layer, _ question: AnalyticalQuery, _ cancellation: Cancellation
    ) throws -> TileRows {
        let key = "\(question.question.rawValue)?\(QueryParameters.encode(question.items))"
        if let known = rows.value(for: key) { return known }
        let table = try analyst.answer(question, cancellation: cancellation).table
        let columns = layer.attributes.compactMap { attribute in
            table[field: attribute.name].map { (name: attribute.name, values: $0.rounded(attribute.unit)) }
        }
        try cancellation.check()
        let made = try TileRows(
            layer, of: tileset, identifiers: table.identifiers, columns: columns, geometry: table.geometry)
        rows.insert(made, for: key, cost: made.cost + key.utf8.count)
        return made
    }

    // MARK: - Figures of areas

    private func figures(
        _ layer: Tileset.Layer, _ question: AnalyticalQuery, _ cancellation: Cancellation
    ) throws -> TileAdditions.Figures {
        let key = QueryParameters.encode(question.items)
        if let known = figures.value(for: key) { return known }
        let answer = try analyst.answer(question, cancellation: cancellation).table
        let areas = areas(layer.content)
        let rows = (0..<areas.count).map { row in areas.identifiers[row].flatMap { answer.row(of: $0) } }
        var columns = ruralColumns(of: layer)?.columns ?? []
        for attribute in layer.attributes where attribute.figures == .coverage {
            guard let field = answer.fields.first(where: { $0.name == attribute.name }),
                let column = answer[field: attribute.name]
            else { continue }
            let values = AnswerColumn(field, rows.map { $0.map { column[$0] } ?? .null }).column
            columns.append((attribute.name, values.rounded(attribute.unit)))
        }
        let made = TileAdditions.Figures(columns)
        figures.insert(made, for: key, cost: 4096 + columns.count * areas.count * 8 + key.utf8.count)
        return made
    }

    private func areas(_ content: Tileset.Content) -> Table {
        content == .districts ? analyst.snapshot.districts : analyst.snapshot.municipalities
    }

    /// The columns of the rural index; none for a level where it cannot be computed: a map is not refused for that.
    private func ruralColumns(of layer: Tileset.Layer) -> AreaColumns? {
        guard layer.holds(.rural) else { return nil }
        let columns = rural.value {
            var result: [Tileset.Content: AreaColumns] = [:]
            for level in Self.levels {
                guard tileset.layers.contains(where: { $0.content == level.content && $0.holds(.rural) }) else {
                    continue
                }
                let columns = try? ruralColumns(level.rural, areas(level.content))
                result[level.content] = columns.map(AreaColumns.init)
            }
            return result
        }
        return columns[layer.content]
    }

    private func ruralColumns(
        _ level: RuralLevel, _ areas: Table
    ) throws(AnalysisError) -> [(name: String, values: Column)] {
        let snapshot = analyst.snapshot
        let index = RuralIndex(try RuralIndicators(level, in: snapshot), in: snapshot)
        let known = Dictionary(
            index.areas.map { ($0.indicators.key, $0) }, uniquingKeysWith: { first, _ in first })
        // What is published stands for regions; each district of a region shows it.
        let isDistrict = level == .district
        let regions = areas.code("district_region_key")
        let (publishedIndex, publishedType) = (
            isDistrict ? indicator(RuralIndex.publishedIndexKey) : [:],
            isDistrict ? indicator(RuralIndex.publishedTypeKey) : [:]
        )
        var (indexes, publishedIndexes) = ([Double](), [Double]())
        var types: [Int64] = []
        var classes = CodeColumn()
        for row in 0..<areas.count {
            let key = areas.identifiers[row] ?? ""
            let area = known[key]
            indexes.append(area?.index.value.map { ($0 * 10_000).rounded() / 10_000 } ?? .nan)
            if let name = area?.ruralClass?.rawValue { classes.append(name) } else { classes.appendNull() }
            let region = regions.count > 0 ? regions[row] ?? key : key
            publishedIndexes.append(publishedIndex[region] ?? .nan)
            types.append(publishedType[region].flatMap { Int64(exactly: $0) } ?? Column.missingInteger)
        }
        return [
            (RuralFigures.index, .real(indexes)), (RuralFigures.ruralClass, .code(classes)),
            (RuralFigures.publishedIndex, .real(publishedIndexes)), (RuralFigures.publishedType, .integer(types)),
        ]
    }
}

extension TileAnswers {
    /// The values of an indicator by the keys of its areas.
    private func indicator(_ name: String) -> [String: Double] {
        let table = analyst.snapshot.indicators
        let (names, areas, values) = (table.code("key"), table.code("area_key"), table.real("value"))
        var result: [String: Double] = [:]
        for row in 0..<table.count where names[row] == name && values[row].isFinite {
            if let area = areas[row] { result[area] = values[row] }
        }
        return result
    }
}

/// The names of the rural figures on tiles.
enum RuralFigures {
    static let index = "rural_index"
    static let ruralClass = "rural_class"
    static let publishedIndex = "rural_published_index"
    static let publishedType = "rural_published_type"

    /// All of them.
    static let names = [index, ruralClass, publishedIndex, publishedType]
}

/// What a request for tiles asks of analyses.
struct TileQuestions: Sendable {
    /// The questions of layers that are answers.
    var rows: [Tileset.Content: AnalyticalQuery] = [:]
    /// The questions of the figures of coverage, per layer of areas; empty where they are not asked for.
    var coverage: [Tileset.Content: AnalyticalQuery] = [:]

    /// Whether answering takes an analysis of offers.
    var isEmpty: Bool { rows.isEmpty && coverage.isEmpty }

    /// Asks nothing.
    init() {}

    /// Asks for the layers that are answers among some, about the offers of a filter, everything else as it is where
    /// nothing is said; and, where areas shall carry them, for the figures of coverage.
    init(layers: [String]?, filter: OfferFilter, figures: Set<Tileset.FigureSet>) throws(Problem) {
        for (content, question) in [(Tileset.Content.gaps, AnalyticalQuestion.gaps), (.access, .access)]
        where layers?.contains(content.rawValue) == true {
            rows[content] = try AnalyticalQuery(question, QueryParameters(filter.parameters))
        }
        guard figures.contains(.coverage) else { return }
        for (content, level) in [(Tileset.Content.districts, AreaLevel.district), (.municipalities, .municipality)] {
            coverage[content] = try AnalyticalQuery(
                .coverage, QueryParameters(filter.parameters + [("level", level.rawValue)]))
        }
    }
}

extension Column {
    /// Values as precise as a map shows them, so that tiles stay small: metres and square metres whole, other real
    /// numbers to the 24 binary digits that a tile holds in four bytes.
    fileprivate func rounded(_ unit: String?) -> Column {
        guard case .real(let values) = self else { return self }
        guard unit == "m" || unit == "m2" else { return .real(values.map { Double(Float($0)) }) }
        return .integer(
            values.map { $0.isFinite ? Int64(exactly: $0.rounded()) ?? Column.missingInteger : Column.missingInteger })
    }
}

extension Tileset {
    /// A figure that the tileset wants and no analysis has; nil where all are known.
    var unknownFigure: String? {
        layers.lazy.flatMap(\.attributes).first { attribute in
            switch attribute.figures {
            case nil: false
            case .rural: !RuralFigures.names.contains(attribute.name)
            case .coverage: CoverageFields.field(attribute.name) == nil
            }
        }?.name
    }
}
