public import Analysis
public import Geometry
public import NetworkModel

/// The answer about the rural index and the degree of urbanisation: figures, method, comparison and sources, the same
/// in every form, for the route `/api/rural` and for the command line.
///
/// A value, safe to use from any thread.
public struct RuralAnswer: Sendable {
    /// The indexes.
    public let index: RuralIndex
    /// The degree of urbanisation, at the level of municipalities.
    public let urbanisation: DegreeOfUrbanisation?
    private let snapshot: Snapshot

    /// Computes the answer. Blocks; uses all cores.
    ///
    /// - Throws: `AnalysisError` as `RuralIndicators` does.
    public init(
        _ level: RuralLevel, in snapshot: Snapshot, cancellation: Cancellation = .never
    ) throws(AnalysisError) {
        index = RuralIndex(
            try RuralIndicators(level, in: snapshot, cancellation: cancellation), in: snapshot)
        urbanisation = level == .municipality ? try DegreeOfUrbanisation(snapshot, cancellation: cancellation) : nil
        self.snapshot = snapshot
    }

    /// Which level was asked for.
    public var level: RuralLevel { index.indicators.level }

    // MARK: - Forms

    /// The answer as one JSON object.
    public var json: [UInt8] { json(links: nil) }

    func json(links: JSON?) -> [UInt8] {
        JSON.object(
            head + [("regions", .array(rows.map { .object($0) }))] + (links.map { [("links", $0)] } ?? [])
        ).bytes
    }

    /// The answer as a GeoJSON FeatureCollection (RFC 7946) with the method as foreign members.
    ///
    /// - Throws: `GeometryError` where the outlines of a region's districts cannot be joined.
    public func geoJSON() throws(GeometryError) -> [UInt8] { try geoJSON(links: nil) }

    func geoJSON(links: JSON?) throws(GeometryError) -> [UInt8] {
        var bytes = JSON.object([("type", "FeatureCollection")] + head).bytes
        bytes.removeLast()
        bytes.append(ascii: ",\"features\":[")
        let geos = try GEOSContext()
        for (position, (area, row)) in zip(index.areas, rows).enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(ascii: "{\"type\":\"Feature\",\"id\":")
            bytes.append(json: area.indicators.key)
            bytes.append(ascii: ",\"geometry\":")
            bytes.append(surface: try outline(area.indicators, geos))
            bytes.append(ascii: ",\"properties\":")
            JSON.object(row).write(into: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
        if let links {
            bytes.append(ascii: ",\"links\":")
            links.write(into: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private func outline(
        _ area: RuralIndicators.Area, _ geos: borrowing GEOSContext
    ) throws(GeometryError) -> MultiPolygon<Geographic> {
        let isMunicipal = level == .municipality
        let table = isMunicipal ? snapshot.municipalities : snapshot.districts
        let rows = isMunicipal ? snapshot.municipalityRows : snapshot.districtRows
        let surfaces = area.members.compactMap { rows.row(of: $0).flatMap { table.surface($0) } }
        return surfaces.count == 1 ? surfaces[0] : try geos.union(surfaces)
    }

    /// The areas as CSV (RFC 4180), lists joined with `;`. What the figures rest on stands in the last columns of each
    /// row, as in the answers about coverage; the method in full is in the other forms.
    public var csv: [UInt8] {
        var bytes: [UInt8] = []
        let rows = rows
        let trace = trace
        bytes.append(csvLine: (rows.first?.map(\.0) ?? Self.keyFields) + trace.map(\.name))
        for row in rows { bytes.append(csvLine: row.map { $0.1.csvText } + trace.map(\.value)) }
        return bytes
    }

    /// What each row can be traced by.
    private var trace: [(name: String, value: String)] {
        let dates = index.indicators.dates
        let named = [
            ("population", dates.population), ("land_use", dates.landUse), ("buildings", dates.buildings),
            ("cities", dates.cities),
        ]
        let bases = RuralMethod.base.members.map { "\($0.0)=\($0.1.text ?? "")" }
        let documents = sources.compactMap { $0["title"]?.text }
        return [
            ("definition", "\(Definition.rural.name) \(Definition.rural.version)"),
            ("parameters", String(decoding: JSON.object([("level", .string(level.rawValue))]).bytes, as: UTF8.self)),
            ("data_version", snapshot.dataVersion.description), ("base", bases.joined(separator: ";")),
            ("data_dates", named.flatMap { name, days in days.map { "\(name)=\($0)" } }.joined(separator: ";")),
            ("sources", (documents + [attribution]).joined(separator: "; ")),
        ]
    }

    private static let keyFields = ["ags", "name", "index", "class"]

    /// The members before the rows.
    var head: [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("definition", Definition.rural.json),
            ("parameters", ["level": .string(level.rawValue)]),
            ("method", RuralMethod.method(index)),
            ("data_version", .string(snapshot.dataVersion.description)),
            ("base", RuralMethod.base), ("date", .null),
            ("completeness", completeness), ("published", published), ("comparison", comparison),
        ]
        if let urbanisation { members.append(("degree_of_urbanisation", RuralMethod.urbanisation(urbanisation))) }
        return members + [("sources", .array(sources))]
    }

    private var completeness: JSON {
        let areas = index.areas
        return [
            "areas": .integer(areas.count), "scored": .integer(areas.count { $0.index.value != nil }),
            "context_cells": .integer(index.indicators.contextCells),
            "areas_with_open_surroundings": .integer(areas.count { ($0.indicators.openSurroundings.value ?? 0) > 0 }),
        ]
    }

    private var comparison: JSON {
        guard let comparison = index.comparison else {
            let both = index.areas.count { $0.index.value != nil && $0.published?.index != nil }
            return [
                "regions": .integer(both), "fewest_regions": .integer(RuralComparison.fewestAreas),
                "correlation": .null, "agreement": .null, "confusion": .null,
                "reason": "too_few_published_values",
            ]
        }
        return [
            "regions": .integer(comparison.areas), "fewest_regions": .integer(RuralComparison.fewestAreas),
            "correlation": .real(comparison.correlation), "classified": .integer(comparison.classified),
            "agreeing": .integer(comparison.agreeing), "agreement": .real(comparison.agreement),
            "confusion": [
                "classes": .array(RuralClass.allCases.map { .string($0.rawValue) }),
                "published_by_own": .array(comparison.confusion.map { .array($0.map(JSON.integer)) }),
            ],
        ]
    }

    private var publishedSources: Set<String> { Set(index.areas.compactMap { $0.published?.source }) }

    private var published: JSON {
        let ids = publishedSources.sorted()
        return [
            "values": .integer(index.areas.count { $0.published != nil }),
            "indicators": [.string(RuralIndex.publishedIndexKey), .string(RuralIndex.publishedTypeKey)],
            "note": RuralMethod.publishedNote,
            "citations": .array(ids.map { source($0) }),
        ]
    }

    /// The sources of all that was computed with.
    private var sources: [JSON] {
        var ids: Set<String> = []
        for table in [snapshot.landUse, snapshot.buildings, snapshot.cities] {
            ids.formUnion(table.code("source_id").dictionary.codes)
        }
        return ids.sorted().map { source($0) }
            + [["title": "districts, municipalities, population cells", "attribution": .string(attribution)]]
    }

    private var attribution: String {
        let column = snapshot.regions.text("attribution")
        return (0..<snapshot.regions.count).compactMap { column[$0] }.joined(separator: "; ")
    }

    private func source(_ id: String) -> JSON {
        let table = snapshot.sources
        guard let row = (0..<table.count).first(where: { table.identifiers[$0] == id }) else {
            return ["id": .string(id)]
        }
        let text = { (name: String) -> JSON in table.text(name)[row].map(JSON.string) ?? .null }
        return [
            "id": .string(id), "title": text("title"), "publisher": text("publisher"), "url": text("url"),
            "licence": text("licence"), "attribution": text("attribution"),
        ]
    }
}

extension RuralAnswer {
    /// The members of each area, the same names in the same order for all.
    var rows: [[(String, JSON)]] {
        let isRegional = index.basis == .loadedAreas
        let ringIsMissing = index.indicators.contextCells == 0
        return index.areas.indices.map { row($0, isRegional: isRegional, ringIsMissing: ringIsMissing) }
    }

    private func row(_ number: Int, isRegional: Bool, ringIsMissing: Bool) -> [(String, JSON)] {
        let area = index.areas[number]
        let figures = area.indicators
        var missing: [(String, MissingReason)] = []
        func real(_ name: String, _ figure: Figure<Double>) -> (String, JSON) {
            if let reason = figure.reason { missing.append((name, reason)) }
            return (name, figure.value.map(JSON.real) ?? .null)
        }
        var members: [(String, JSON)] = [
            ("ags", .string(figures.key)), ("name", figures.name.map(JSON.string) ?? .null),
            real("index", area.index), ("class", area.ruralClass.map { .string($0.rawValue) } ?? .null),
            ("published_index", area.published?.index.map(JSON.real) ?? .null),
            ("published_type", area.published?.type.map(JSON.integer) ?? .null),
            ("members", .array(figures.members.map(JSON.string))),
            ("people", .integer(Int(figures.people))),
            ("register_population", figures.registerPopulation.value.map { .integer(Int($0)) } ?? .null),
            real("settlement_density_per_km2", figures.settlementDensity),
        ]
        if let reason = figures.registerPopulation.reason { missing.append(("register_population", reason)) }
        for indicator in RuralIndicator.allCases { members.append(real(indicator.rawValue, figures[indicator])) }
        for indicator in RuralIndicator.allCases {
            members.append(
                ("contribution_\(indicator.rawValue)", area.contributions.map { .real($0[indicator]) } ?? .null))
        }
        members.append(real("people_share_with_open_surroundings", figures.openSurroundings))
        var flags: [JSON] = []
        if isRegional { flags.append("regional") }
        if (figures.openSurroundings.value ?? 0) > 0 {
            flags.append(ringIsMissing ? "context_ring_not_loaded" : "open_surroundings")
        }
        members.append(("flags", .array(flags)))
        if let urbanisation { members += Self.urbanisation(urbanisation.areas[number], &missing) }
        members.append(
            ("missing", .array(missing.map { .string("\($0.0)=\($0.1.rawValue)") })))
        return members
    }

    private static func urbanisation(
        _ area: DegreeOfUrbanisation.Area, _ missing: inout [(String, MissingReason)]
    ) -> [(String, JSON)] {
        if let reason = area.level1.reason { missing.append(("degurba_level1", reason)) }
        return [
            ("degurba_level1", area.level1.value.map { .integer($0.rawValue) } ?? .null),
            ("degurba_level2", area.level2.value.map { .integer($0.rawValue) } ?? .null),
            ("official_degurba_level1", area.official.map(JSON.integer) ?? .null),
            ("degurba_agrees", area.agrees.map(JSON.bool) ?? .null),
            ("people_urban_centre", .integer(Int(area.people(.urbanCentre)))),
            (
                "people_urban_cluster",
                .integer(
                    Int(area.people(.denseUrbanCluster) + area.people(.semiDenseUrbanCluster) + area.people(.suburban)))
            ),
            (
                "people_rural",
                .integer(Int(area.people(.ruralCluster) + area.people(.lowDensity) + area.people(.veryLowDensity)))
            ),
        ]
    }
}

extension JSON {
    /// The value as a field of CSV.
    fileprivate var csvText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .array(let elements): elements.map(\.csvText).joined(separator: ";")
        default: String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension [UInt8] {
    /// Appends a line of CSV; texts with separators, quotes or line breaks are quoted.
    fileprivate mutating func append(csvLine values: [String]) {
        for (position, value) in values.enumerated() {
            if position > 0 { append(UInt8(ascii: ",")) }
            let needsQuotes = value.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
            append(contentsOf: (needsQuotes ? "\"\(value.replacing("\"", with: "\"\""))\"" : value).utf8)
        }
        append(contentsOf: [0x0d, 0x0a])
    }
}

extension RuralAnswer {
    /// The outlines of the districts or municipalities that the areas are made of, each with its area's class.
    var outlines: [(surface: MultiPolygon<Geographic>, ruralClass: RuralClass?)] {
        let isMunicipal = level == .municipality
        let table = isMunicipal ? snapshot.municipalities : snapshot.districts
        let rows = isMunicipal ? snapshot.municipalityRows : snapshot.districtRows
        return index.areas.flatMap { area in
            area.indicators.members.compactMap { key in
                rows.row(of: key).flatMap { table.surface($0) }.map { ($0, area.ruralClass) }
            }
        }
    }
}
