public import Geometry

/// An immutable picture of the published network with its indexes: what every answer is made from.
///
/// Built from the project file in one pass and stamped with its `dataVersion`. A request takes the current snapshot
/// once and uses it throughout. Rows of every table stand in the byte order of their identifiers, whatever the order
/// in which they were loaded.
///
/// Safe to use from any thread: nothing changes after `init`.
public final class Snapshot: Sendable {
    /// The identity of the published content.
    public let dataVersion: DataVersion
    /// The packs and imports.
    public let regions: Table
    /// The cited documents.
    public let sources: Table
    /// Vocabulary keys with their names.
    public let vocabulary: Vocabulary
    /// Terms with explanations.
    public let glossary: Table
    /// Districts, with the figures of `RecordSchema.published`.
    public let districts: Table
    /// Municipalities, with the figures of `RecordSchema.published`.
    public let municipalities: Table
    /// Inhabited census cells.
    public let populationCells: Table
    /// Land use of districts and municipalities.
    public let landUse: Table
    /// Residential buildings of districts and municipalities.
    public let buildings: Table
    /// Large cities of the country.
    public let cities: Table
    /// Names and postcodes with positions.
    public let gazetteer: Table
    /// Published actors.
    public let actors: Table
    /// Published offers.
    public let offers: Table
    /// Relations, both ends published or outside what is loaded.
    public let links: Table
    /// Single published figures.
    public let indicators: Table
    /// What a state's rural index is scored with.
    public let ruralCalibrations: Table
    /// What changed before this state; no part of the data version.
    public let changes: ChangeLog

    /// Rows of districts by key.
    public let districtRows: IdentifierIndex
    /// Rows of municipalities by key.
    public let municipalityRows: IdentifierIndex
    /// Rows of actors by id.
    public let actorRows: IdentifierIndex
    /// Rows of offers by id.
    public let offerRows: IdentifierIndex
    /// For each offer the row of its actor, or -1.
    public let offerActors: [Int32]
    /// The located offers by place.
    public let offerPoints: PointIndex
    /// The located actors by place.
    public let actorPoints: PointIndex
    /// The districts' outlines by their boxes, in the order of the rows.
    public let districtBoxes: [BoundingBox<Geographic>]
    /// The municipalities' outlines by their boxes, in the order of the rows.
    public let municipalityBoxes: [BoundingBox<Geographic>]
    /// The box around all that is located.
    public let extent: BoundingBox<Geographic>

    /// Builds a snapshot from the stored tables; a missing kind is an empty table.
    ///
    /// Applies the rule of publication, puts the rows into canonical order and resolves names and figures.
    /// - Complexity: O(n log n) in the rows.
    public init(_ stored: [RecordKind: Table], changes: ChangeLog = ChangeLog()) {
        self.changes = changes
        let table = { (kind: RecordKind) in
            let canonical = (stored[kind] ?? Table(kind.schema)).canonical()
            return kind.isShared ? canonical.oneRowPerIdentifier() : canonical
        }
        regions = table(.regions)
        sources = table(.sources)
        gazetteer = table(.gazetteer)
        populationCells = table(.populationCells)
        landUse = table(.landUse)
        buildings = table(.buildings)
        cities = table(.cities)
        ruralCalibrations = table(.ruralCalibrations)
        let vocabularyTable = table(.vocabulary)
        vocabulary = Vocabulary(vocabularyTable)

        let storedActors = table(.actors)
        let storedOffers = table(.offers)
        let storedLinks = table(.links)
        let actorRules = Publication.rules(of: storedActors)
        let offerRules = Self.offerRules(offers: storedOffers, actors: storedActors, actorRules: actorRules)
        var publicActors = Publication.apply(actorRules, to: storedActors)
        var publicOffers = Publication.apply(offerRules, to: storedOffers)
        actorRows = IdentifierIndex(publicActors.identifiers)
        offerRows = IdentifierIndex(publicOffers.identifiers)
        let withheld = Self.withheldIdentifiers(
            (storedActors, actorRules), (storedOffers, offerRules))
        publicOffers = Self.withoutReferences(to: withheld, in: publicOffers, field: "actor_id")
        publicActors = Self.withoutReferences(to: withheld, in: publicActors, field: "parent_id")
        let publicLinks = Self.withoutRows(referringTo: withheld, in: storedLinks)
        offerActors = Self.rows(of: publicOffers.code("actor_id"), in: actorRows)

        let storedDistricts = table(.districts)
        let storedMunicipalities = table(.municipalities)
        districtRows = IdentifierIndex(storedDistricts.identifiers)
        municipalityRows = IdentifierIndex(storedMunicipalities.identifiers)
        let resolver = SnapshotResolver(
            sources: sources, districts: storedDistricts, municipalities: storedMunicipalities,
            cells: populationCells, actors: publicActors, offers: publicOffers, offerActors: offerActors)
        districts = resolver.publishedDistricts(storedDistricts, municipalities: storedMunicipalities)
        municipalities = resolver.publishedMunicipalities(storedMunicipalities)
        actors = resolver.publishedActors()
        offers = resolver.publishedOffers()
        indicators = resolver.cited(table(.indicators))
        glossary = resolver.cited(table(.glossary))
        links = resolver.namedLinks(publicLinks, actorRows: actorRows, offerRows: offerRows)

        offerPoints = Self.pointIndex(offers)
        actorPoints = Self.pointIndex(actors)
        districtBoxes = Self.boxes(districts)
        municipalityBoxes = Self.boxes(municipalities)
        extent = Self.extent(boxes: districtBoxes + municipalityBoxes, points: [offers, actors])
        dataVersion = DataVersion(of: [
            regions, sources, vocabularyTable, glossary, districts, municipalities, populationCells, gazetteer, actors,
            offers, links, indicators, landUse, buildings, cities, ruralCalibrations,
        ])
    }

    /// The table of a kind, as it is published.
    public subscript(kind: RecordKind) -> Table {
        switch kind {
        case .regions: regions
        case .sources: sources
        case .vocabulary: vocabulary.table
        case .glossary: glossary
        case .districts: districts
        case .municipalities: municipalities
        case .populationCells: populationCells
        case .landUse: landUse
        case .buildings: buildings
        case .cities: cities
        case .gazetteer: gazetteer
        case .actors: actors
        case .offers: offers
        case .links: links
        case .indicators: indicators
        case .ruralCalibrations: ruralCalibrations
        }
    }
}

extension Snapshot {
    /// An offer is shown at most as closely as its actor: a shelter's offer would tell where the shelter is.
    private static func offerRules(offers: Table, actors: Table, actorRules: [Publication]) -> [Publication] {
        let own = Publication.rules(of: offers)
        guard actorRules.contains(where: { $0 != .full }) else { return own }
        let rows = rows(of: offers.code("actor_id"), in: IdentifierIndex(actors.identifiers))
        return zip(own, rows).map { rule, actor in
            actor < 0 ? rule : max(rule, actorRules[Int(actor)] == .no ? .districtOnly : actorRules[Int(actor)])
        }
    }

    private static func withheldIdentifiers(_ kinds: (table: Table, rules: [Publication])...) -> Set<String> {
        var result: Set<String> = []
        for (table, rules) in kinds {
            for row in rules.indices where rules[row] == .no {
                if let identifier = table.identifiers[row] { result.insert(identifier) }
            }
        }
        return result
    }

    private static func withoutReferences(to withheld: Set<String>, in table: Table, field: String) -> Table {
        guard !withheld.isEmpty, let position = table.schema.position(of: field) else { return table }
        let column = table.code(field)
        var result = table
        result.columns[position] = result.columns[position].emptied(
            where: (0..<table.count).map { column[$0].map(withheld.contains) ?? false })
        return result
    }

    private static func withoutRows(referringTo withheld: Set<String>, in links: Table) -> Table {
        guard !withheld.isEmpty else { return links }
        let from = links.code("from_id")
        let to = links.code("to_id")
        let isWithheld = { (identifier: String?) in identifier.map(withheld.contains) ?? false }
        return links.gathered((0..<links.count).filter { !isWithheld(from[$0]) && !isWithheld(to[$0]) })
    }

    /// The rows that a column of identifiers refers to, -1 where it refers to none. - Complexity: O(n)
    private static func rows(of column: CodeColumn, in index: IdentifierIndex) -> [Int32] {
        var rowOfCode: [Int32] = [-1]
        for code in column.dictionary.codes { rowOfCode.append(Int32(index.row(of: code) ?? -1)) }
        return column.codes.map { rowOfCode[Int($0)] }
    }

    private static func pointIndex(_ table: Table) -> PointIndex {
        guard case .points(let longitudes, let latitudes) = table.geometry else {
            return PointIndex(xs: [], ys: [])
        }
        return PointIndex(xs: longitudes, ys: latitudes)
    }

    private static func boxes(_ table: Table) -> [BoundingBox<Geographic>] {
        guard case .surfaces(let surfaces) = table.geometry else { return [] }
        return surfaces.map(\.boundingBox)
    }

    private static func extent(boxes: [BoundingBox<Geographic>], points: [Table]) -> BoundingBox<Geographic> {
        var result = BoundingBox<Geographic>.empty
        for box in boxes { result.formUnion(box) }
        for table in points {
            guard case .points(let longitudes, let latitudes) = table.geometry else { continue }
            for (longitude, latitude) in zip(longitudes, latitudes) where !longitude.isNaN {
                result.formUnion(Coordinate(longitude: longitude, latitude: latitude))
            }
        }
        return result.isEmpty ? .globe : result
    }
}
