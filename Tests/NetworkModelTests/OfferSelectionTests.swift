import NetworkModel
import TestSupport
import Testing

/// The grammar of DOMAIN 6.3, on a network that is counted by hand.
struct OfferSelectionTests {
    let snapshot = Snapshot(ExampleNetwork.tables)

    func select(_ parameters: [(String, String)]) throws -> [String] {
        let filter = try OfferFilter(parameters: parameters.map { (name: $0.0, value: $0.1) })
        let selection = try OfferSelection(filter, in: snapshot)
        return selection.rows.compactMap { snapshot.offers.identifiers[$0] }
    }

    @Test func valuesOfOneFieldAreAlternativesAndFieldsMustAllHold() throws {
        #expect(try select([]) == ["beratung", "kurs", "treffen"])
        #expect(try select([("category", "training")]) == ["kurs", "treffen"])
        #expect(try select([("category", "training,counselling")]) == ["beratung", "kurs", "treffen"])
        #expect(try select([("category", "training"), ("actor", "amt")]) == ["kurs"])
        #expect(try select([("sector", "administration")]) == ["beratung", "kurs"])
    }

    /// Swift takes an `ü` and a `u` with two dots for the same text, CQL2 does not: as keys they must differ, too.
    @Test func conditionsThatAreSpeltDifferentlyAreDifferent() throws {
        let composed = try OfferFilter(parameters: [("offer-filter", "title = 'für'")])
        let decomposed = try OfferFilter(parameters: [("offer-filter", "title = 'fu\u{308}r'")])
        #expect(composed != decomposed)
        #expect(composed == (try OfferFilter(parameters: [("offer-filter", "title='für'")])))
        #expect(composed.cost > OfferFilter().cost + 32 * "title = 'für'".utf8.count)
    }

    @Test func nobodyWaitsForACondition() throws {
        let filter = try OfferFilter(parameters: [("offer-filter", "title = 'a'")])
        #expect(throws: FilterError.cancelled(parameter: "offer-filter")) {
            try OfferSelection(filter, in: snapshot) { true }
        }
    }

    @Test func emptyFieldDoesNotMatchAndIsCounted() throws {
        let filter = try OfferFilter(parameters: [(name: "language", value: "ar")])
        let selection = try OfferSelection(filter, in: snapshot)
        #expect(selection.rows.count == 1)
        #expect(selection.notStated.map(\.field) == ["language"])
        #expect(selection.notStated.map(\.count) == [2])
        #expect(selection.placed == 1)
    }

    @Test func notStatedCountsOnlyOffersThatPassEverythingElse() throws {
        let filter = try OfferFilter(parameters: [(name: "language", value: "ar"), (name: "actor", value: "verein")])
        let selection = try OfferSelection(filter, in: snapshot)
        #expect(selection.rows.isEmpty)
        #expect(Dictionary(uniqueKeysWithValues: selection.notStated.map { ($0.field, $0.count) })["language"] == 1)
    }

    @Test func whatSaysNothingCanBeAskedFor() throws {
        #expect(try select([("language", "not_stated")]) == ["kurs", "treffen"])
        #expect(try select([("language", "ar,not_stated")]) == ["beratung", "kurs", "treffen"])
        #expect(try select([("language", "ar,not_stated"), ("actor", "verein")]) == ["treffen"])
        #expect(try select([("located_in", "not_stated")]) == ["treffen"])
        #expect(try select([("located_in", "15001,not_stated")]) == ["beratung", "kurs", "treffen"])
        #expect(try select([("serves", "not_stated")]) == ["beratung", "kurs", "treffen"])
        let filter = try OfferFilter(parameters: [(name: "language", value: "not_stated,ar")])
        let selection = try OfferSelection(filter, in: snapshot)
        #expect(selection.notStated.map(\.count) == [0])
        #expect(filter.parameters.map(\.value) == ["ar,not_stated"])
        let sectors = try ActorSelection(
            ActorFilter(parameters: [(name: "sector", value: "not_stated")]), in: snapshot)
        #expect(sectors.rows.compactMap { snapshot.actors.identifiers[$0] } == ["verein"])
        let places = try ActorSelection(
            ActorFilter(parameters: [(name: "located_in", value: "15001,not_stated")]), in: snapshot)
        #expect(places.rows.count == 2)
    }

    @Test func dayKeepsWhatMayBeRunning() throws {
        #expect(try select([("date", "2018-06-30")]) == ["beratung", "kurs"])
        #expect(try select([("date", "2018-07-01")]) == ["beratung"])
        #expect(try select([("date", "2019-01-01")]) == ["beratung", "treffen"])
        #expect(try select([("validity", "dated")]) == ["kurs"])
    }

    @Test func placesAreHierarchical() throws {
        #expect(try select([("located_in", "15001")]) == ["beratung", "kurs"])
        #expect(try select([("located_in", "15001000")]) == ["beratung", "kurs"])
        #expect(try select([("located_in", "15")]) == ["beratung", "kurs"])
        #expect(try select([("located_in", "15002")]) == [])
        #expect(try select([("offer-bbox", "11,51,12,52")]) == ["beratung", "kurs"])
        #expect(try select([("offer-bbox", "12.5,51,13,52")]) == [])
    }

    @Test func searchIgnoresCaseAndDiacritics() throws {
        #expect(try select([("q", "ARABISCH")]) == ["beratung"])
        #expect(try select([("q", "madchen kurs")]) == ["kurs"])
        #expect(try select([("q", "Maedchen")]) == ["beratung", "kurs"])
        #expect(try select([("q", "gibt es nicht")]) == [])
    }

    @Test func conditionsInCQL2JoinTheGrammar() throws {
        #expect(try select([("offer-filter", "category = 'training'")]) == ["kurs", "treffen"])
        #expect(try select([("offer-filter", "CASEI(title) LIKE CASEI('KURS%') OR id = 'beratung'")]).count >= 1)
        #expect(
            try select([("offer-filter", "category = 'training'"), ("actor", "amt")]) == ["kurs"])
        // A date in reduced precision ends on its last day.
        #expect(try select([("offer-filter", "valid_to = DATE('2018-06-30')")]) == ["kurs"])
        #expect(try select([("offer-filter", "A_CONTAINS(languages, ('ar'))")]) == ["beratung"])
        #expect(
            try select([("offer-filter", "S_INTERSECTS(geometry, POLYGON((11 51, 12 51, 12 52, 11 52, 11 51)))")])
                == ["beratung", "kurs"])
        #expect(try select([("offer-filter", "S_WITHIN(geometry, BBOX(12.5, 51, 13, 52))")]) == [])
        let json = #"{"op":"=","args":[{"property":"category"},"training"]}"#
        #expect(try select([("offer-filter", json)]) == ["kurs", "treffen"])
        // Text and JSON, however they are written, are one filter.
        let filters = try [json, "(category='training')", " category =  'training' "].map {
            try OfferFilter(parameters: [(name: "offer-filter", value: $0)])
        }
        #expect(Set(filters).count == 1)
        #expect(try OfferFilter(parameters: filters[0].parameters) == filters[0])
    }

    @Test func whatAConditionCannotSayIsNotStated() throws {
        let filter = try OfferFilter(parameters: [
            (name: "offer-filter", value: "A_CONTAINS(languages, ('ar'))"), (name: "category", value: "counselling"),
        ])
        let selection = try OfferSelection(filter, in: snapshot)
        let language = try OfferSelection(
            OfferFilter(parameters: [(name: "language", value: "ar"), (name: "category", value: "counselling")]),
            in: snapshot)
        #expect(selection.rows == language.rows)
        let counts = { (selection: OfferSelection) in
            Dictionary(uniqueKeysWithValues: selection.notStated.map { ($0.field, $0.count) })
        }
        #expect(counts(selection)["offer-filter"] == counts(language)["language"])
        #expect(filter.without("offer-filter").without("category").isEmpty)
    }

    @Test(arguments: [
        "category =", "colour = 'red'", "category = 5", "S_INTERSECTS(geometry, POINT(500 0))", "{", "category",
        String(repeating: "(", count: 10_000), "title = '\(String(repeating: "x", count: 20_000))'",
        "S_INTERSECTS(geometry, POLYGON((0 0, 60 60, 60 0, 0 60, 0 0))) AND",
    ])
    func badConditionsAreNamed(_ condition: String) {
        let error = #expect(throws: FilterError.self) { _ = try select([("offer-filter", condition)]) }
        #expect(error?.parameter == "offer-filter")
        #expect((error?.description.utf8.count ?? 0) < 600)
    }

    @Test(arguments: [
        ([("colour", "red")], "colour"), ([("category", "training"), ("category", "event")], "category"),
        ([("date", "2018")], "date"), ([("date", "2018-02-30")], "date"), ([("offer-bbox", "1,2,3")], "offer-bbox"),
        ([("offer-bbox", "nan,1,2,3")], "offer-bbox"), ([("offer-bbox", "0,60,1,50")], "offer-bbox"),
        ([("category", "sport")], "category"), ([("located_in", "99999")], "located_in"),
        ([("validity", "maybe")], "validity"),
    ])
    func badParametersAreNamed(_ parameters: [(String, String)], _ culprit: String) throws {
        let error = #expect(throws: FilterError.self) { _ = try select(parameters) }
        #expect(error?.parameter == culprit)
    }

    @Test func filterIsWrittenBackInOneOrder() throws {
        let parameters = [(name: "q", value: "x"), (name: "category", value: "training,counselling")]
        let filter = try OfferFilter(parameters: parameters)
        #expect(filter.parameters.map { "\($0.name)=\($0.value)" } == ["category=counselling,training", "q=x"])
        #expect(try OfferFilter(parameters: filter.parameters) == filter)
    }

    @Test func statusSaysNoMoreThanTheDatesDo() {
        let statuses = snapshot.offers.code("status")
        #expect((0..<3).map { statuses[$0] } == ["undated_reported_2018", "dated", "open_end_reported_2018"])
        let ended = OfferStatus(validFrom: nil, validTo: ReducedDate("2018-06"), sourceYear: nil, day: 2018_07_01)
        #expect(ended == .ended)
    }
}
