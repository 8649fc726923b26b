/// Fills the fields that `RecordSchema.published` adds: names behind keys, citations, counts.
struct SnapshotResolver {
    private let sources: Table
    private let sourceRows: IdentifierIndex
    private let districtNames: [String: String]
    private let municipalityNames: [String: String]
    private let cells: Table
    private let actors: Table
    private let offers: Table
    private let offerActors: [Int32]

    init(
        sources: Table, districts: Table, municipalities: Table, cells: Table, actors: Table, offers: Table,
        offerActors: [Int32]
    ) {
        self.sources = sources
        self.cells = cells
        self.actors = actors
        self.offers = offers
        self.offerActors = offerActors
        sourceRows = IdentifierIndex(sources.identifiers)
        districtNames = Self.names(districts)
        municipalityNames = Self.names(municipalities)
    }

    func publishedOffers() -> Table {
        let actorNames = actors.text("name")
        let sectors = actors.code("sector")
        let from = offers.date("valid_from")
        let to = offers.date("valid_to")
        var names = CodeColumn()
        var offerSectors = CodeColumn()
        var statuses = CodeColumn()
        let years = sourceYears(offers)
        // One text per actor, source year and so on: strings are made once per distinct value, not once per offer.
        let nameOfActor = (0..<actors.count).map { names.number(of: actorNames[$0] ?? "") }
        let sectorOfActor = (0..<actors.count).map { offerSectors.number(of: sectors[$0] ?? "") }
        var statusNumbers: [OfferStatus: UInt32] = [:]
        for row in 0..<offers.count {
            let actor = offerActors[row]
            names.append(number: actor < 0 ? 0 : nameOfActor[Int(actor)])
            offerSectors.append(number: actor < 0 ? 0 : sectorOfActor[Int(actor)])
            let status = OfferStatus(
                validFrom: ReducedDate(packed: from[row]), validTo: ReducedDate(packed: to[row]),
                sourceYear: years[row] == Column.missingInteger ? nil : Int(years[row]))
            let number = statusNumbers[status] ?? statuses.number(of: status.description)
            statusNumbers[status] = number
            statuses.append(number: number)
        }
        return offers.extended(
            [.code(names), .code(offerSectors)] + areaNames(offers) + [.code(statuses)] + citation(offers))
    }

    func publishedActors() -> Table {
        var counts = [Int64](repeating: 0, count: actors.count)
        for actor in offerActors where actor >= 0 { counts[Int(actor)] += 1 }
        return actors.extended(areaNames(actors) + [.integer(counts)] + citation(actors))
    }

    func publishedDistricts(_ districts: Table, municipalities: Table) -> Table {
        let members = Self.counts(municipalities.code("district_key"))
        return districts.extended(
            figures(districts, keyField: "district_key")
                + [.integer((0..<districts.count).map { members[districts.identifiers[$0] ?? "", default: 0] })])
    }

    func publishedMunicipalities(_ municipalities: Table) -> Table {
        let names = named(municipalities.code("district_key"), by: districtNames)
        return municipalities.extended([.code(names)] + figures(municipalities, keyField: "municipality_key"))
    }

    /// Links with the names of their ends as they are published now; the name that a link brought along is used only
    /// for an end that is not loaded.
    func namedLinks(_ links: Table, actorRows: IdentifierIndex, offerRows: IdentifierIndex) -> Table {
        var result = links
        for (end, name) in [("from_id", "from_name"), ("to_id", "to_name")] {
            guard let position = links.schema.position(of: name) else { continue }
            let identifiers = links.code(end)
            let stated = links.text(name)
            var names = TextColumn()
            for row in 0..<links.count {
                let identifier = identifiers[row] ?? ""
                if let actor = actorRows.row(of: identifier) {
                    names.append(actors.text("name")[actor] ?? "")
                } else if let offer = offerRows.row(of: identifier) {
                    names.append(offers.text("title")[offer] ?? "")
                } else {
                    names.append(stated[row] ?? "")
                }
            }
            result.columns[position] = .text(names)
        }
        return result
    }

    /// A table of records that cite a source, with the citation spelled out.
    func cited(_ table: Table) -> Table { table.extended(citation(table)) }

    private func figures(_ areas: Table, keyField: String) -> [Column] {
        var people: [String: Int64] = [:]
        let cellKeys = cells.code(keyField)
        let inhabitants = cells.integer("people")
        var peopleOfCode = [Int64](repeating: 0, count: cellKeys.dictionary.count + 1)
        for row in 0..<cells.count where inhabitants[row] != Column.missingInteger {
            // The loader bounds each cell; a file edited elsewhere must not bring the server down.
            let (sum, overflows) = peopleOfCode[Int(cellKeys.codes[row])].addingReportingOverflow(inhabitants[row])
            peopleOfCode[Int(cellKeys.codes[row])] = overflows ? .max : sum
        }
        for (number, code) in cellKeys.dictionary.codes.enumerated() { people[code] = peopleOfCode[number + 1] }
        let actorCounts = Self.counts(actors.code(keyField))
        let offerCounts = Self.counts(offers.code(keyField))
        let keys = (0..<areas.count).map { areas.identifiers[$0] ?? "" }
        var status = CodeColumn()
        for key in keys {
            status.append(actorCounts[key, default: 0] + offerCounts[key, default: 0] > 0 ? "data" : "no_data")
        }
        return [
            .integer(keys.map { cells.count == 0 ? Column.missingInteger : people[$0, default: 0] }),
            .integer(keys.map { actorCounts[$0, default: 0] }),
            .integer(keys.map { offerCounts[$0, default: 0] }),
            .code(status),
        ]
    }

    private func areaNames(_ table: Table) -> [Column] {
        [
            .code(named(table.code("district_key"), by: districtNames)),
            .code(named(table.code("municipality_key"), by: municipalityNames)),
        ]
    }

    private func citation(_ table: Table) -> [Column] {
        let column = table.code("source_id")
        let titles = sources.text("title")
        let publishers = sources.text("publisher")
        var titleOfSource: [String: String] = [:]
        var publisherOfSource: [String: String] = [:]
        for row in 0..<sources.count {
            guard let identifier = sources.identifiers[row] else { continue }
            titleOfSource[identifier] = titles[row]
            publisherOfSource[identifier] = publishers[row]
        }
        return [
            .code(named(column, by: titleOfSource)), .code(named(column, by: publisherOfSource)),
            .integer(sourceYears(table)),
        ]
    }

    private func sourceYears(_ table: Table) -> [Int64] {
        let column = table.code("source_id")
        let years = sources.integer("year")
        var yearOfCode = [Column.missingInteger]
        for code in column.dictionary.codes {
            yearOfCode.append(sourceRows.row(of: code).map { years[$0] } ?? Column.missingInteger)
        }
        return column.codes.map { yearOfCode[Int($0)] }
    }

    private func named(_ keys: CodeColumn, by names: [String: String]) -> CodeColumn {
        var result = CodeColumn()
        var numbers: [UInt32] = [0]
        for code in keys.dictionary.codes { numbers.append(result.number(of: names[code] ?? "")) }
        for code in keys.codes { result.append(number: numbers[Int(code)]) }
        return result.canonical()
    }

    private static func names(_ areas: Table) -> [String: String] {
        let names = areas.text("name")
        var result: [String: String] = [:]
        for row in 0..<areas.count { result[areas.identifiers[row] ?? ""] = names[row] }
        return result
    }

    private static func counts(_ column: CodeColumn) -> [String: Int64] {
        var counts = [Int64](repeating: 0, count: column.dictionary.count + 1)
        for code in column.codes { counts[Int(code)] += 1 }
        var result: [String: Int64] = [:]
        for (number, code) in column.dictionary.codes.enumerated() { result[code] = counts[number + 1] }
        return result
    }
}

extension Table {
    /// The table with the columns of its published schema's added fields.
    fileprivate func extended(_ added: [Column]) -> Table {
        var result = Table(schema.published)
        result.columns = (columns + added).map { $0.canonical() }
        result.geometry = geometry
        return result
    }
}
