import Analysis
import NetworkModel

extension Exchange {
    /// Vocabulary keys with their names and the number of offers that have them, under the filter of the query.
    func vocabulary(
        _ language: String, _ format: Format, _ filter: OfferFilter, _ cancellation: Cancellation
    ) throws(Problem) -> APIDocument {
        let selection = try served.offers(matching: filter, cancellation: cancellation)
        let offers = served.snapshot.offers
        var fields: [(String, JSON)] = []
        var notStated: [(String, JSON)] = []
        for name in served.snapshot.vocabulary.fields {
            let column = offers.schema.fields.first { $0.vocabulary == name }.flatMap { offers[field: $0.name] }
            let counts = column.map { CodeCounts($0, rows: selection.rows) }
            fields.append(
                (
                    name,
                    .array(
                        served.snapshot.vocabulary[name].map { entry in
                            let labels = entry.labels.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
                            return [
                                "key": .string(entry.key), "labels": .object(labels),
                                "offers": counts.map { .integer($0[entry.key]) } ?? .null,
                            ]
                        })
                ))
            if let counts { notStated.append((name, .integer(counts.notStated))) }
        }
        let title = Localized(de: "Vokabular", en: "Vocabulary")
        let links = selfLinks(format, parameters: filter.parameters)
        return APIDocument(
            title: title[language],
            description: Localized(
                de: "Schlüssel mit Bezeichnungen und Zahl der Angebote, dazu die Zahl derer ohne Angabe",
                en: "Keys with names and numbers of offers, and the numbers of those that state nothing")[language],
            links: links,
            json: [
                "data_version": .string(served.version), "fields": .object(fields), "not_stated": .object(notStated),
                "links": links.json(language),
            ])
    }

    /// Terms with explanations and their sources.
    func glossary(_ language: String, _ format: Format) -> APIDocument {
        let table = served.snapshot.glossary
        let german = table.text("explanation_de")
        let english = table.text("explanation_en")
        let terms = (0..<table.count).map { row -> JSON in
            [
                "term": .string(table.text("term")[row] ?? ""),
                "explanation": .object(
                    [("de", german[row]), ("en", english[row])].compactMap { name, text in
                        text.map { (name, .string($0)) }
                    }),
                "source_title": table.code("source_title")[row].map(JSON.string) ?? .null,
                "source_publisher": table.code("source_publisher")[row].map(JSON.string) ?? .null,
                "source_year": table[field: "source_year"].map { $0[row].json } ?? .null,
            ]
        }
        let title = Localized(de: "Glossar", en: "Glossary")
        let links = selfLinks(format)
        return APIDocument(
            title: title[language],
            description: Localized(de: "Begriffe und ihre Erklärung", en: "Terms and their explanation")[language],
            links: links,
            json: [
                "data_version": .string(served.version), "terms": .array(terms), "links": links.json(language),
            ])
    }
}

extension Exchange {
    /// What the analyses compute, in words, with their versions.
    func definitions(_ language: String, _ format: Format) -> APIDocument {
        let title = Localized(de: "Definitionen", en: "Definitions")
        let links = selfLinks(format)
        return APIDocument(
            title: title[language],
            description: Localized(
                de: "Was jede Auswertung berechnet; die Fassung steigt, wenn sich eine Zahl ändern kann",
                en: "What each analysis computes; the version rises where a figure can change")[language],
            links: links,
            json: [
                "data_version": .string(served.version), "definitions": .array(Definition.all.map(\.json)),
                "links": links.json(language),
            ])
    }
}

extension ServedSnapshot {
    /// The values that a field of the filter grammar can take, with names, the languages of these, and numbers of
    /// offers. Names of places have no language: they are the same in all.
    func facetOptions(
        _ field: OfferFilter.CodeField, language: String
    ) -> [(key: String, label: String, language: String?, count: Int)] {
        if field == .locatedIn {
            let districts = snapshot.districts
            let counts = districts.integer("offers")
            return (0..<districts.count).compactMap { row in
                districts.identifiers[row].map { ($0, districts.text("name")[row] ?? $0, nil, Int(counts[row])) }
            }
        }
        let counts = vocabularyColumn(field).map { CodeCounts($0, rows: Array(0..<snapshot.offers.count)) }
        return snapshot.vocabulary[field.rawValue].map { entry in
            let name = entry.name(language)
            return (entry.key, name?.text ?? entry.key, name?.language, counts?[entry.key] ?? 0)
        }
    }

    /// How many published offers state nothing in a field of the filter grammar.
    func notStatedCount(_ field: OfferFilter.CodeField) -> Int {
        let offers = snapshot.offers
        if field == .locatedIn {
            let (districts, municipalities) = (offers.code("district_key"), offers.code("municipality_key"))
            return (0..<offers.count).count { districts.codes[$0] == 0 && municipalities.codes[$0] == 0 }
        }
        return vocabularyColumn(field).map { CodeCounts($0, rows: Array(0..<offers.count)).notStated } ?? 0
    }

    /// The column of offers whose codes a field of the filter grammar takes from the vocabulary.
    private func vocabularyColumn(_ field: OfferFilter.CodeField) -> Column? {
        snapshot.offers.schema.fields.first { $0.vocabulary == field.rawValue }
            .flatMap { snapshot.offers[field: $0.name] }
    }
}

/// How many of some rows have each code.
struct CodeCounts {
    private let dictionary: CodeDictionary
    private var counts: [Int]

    /// How many of the rows state nothing.
    var notStated: Int { counts[0] }

    init(_ column: Column, rows: [Int]) {
        switch column {
        case .code(let column):
            dictionary = column.dictionary
            counts = [Int](repeating: 0, count: dictionary.count + 1)
            for row in rows { counts[Int(column.codes[row])] += 1 }
        case .codeList(let column):
            dictionary = column.dictionary
            counts = [Int](repeating: 0, count: dictionary.count + 1)
            for row in rows {
                let range = column.range(row)
                if range.isEmpty { counts[0] += 1 }
                for position in range { counts[Int(column.codes[position])] += 1 }
            }
        default:
            dictionary = CodeDictionary()
            counts = [rows.count]
        }
    }

    subscript(key: String) -> Int { dictionary.known(key).map { counts[Int($0)] } ?? 0 }
}

extension FieldValue {
    /// The value in a document; what is not stated is null.
    var json: JSON {
        switch self {
        case .null: .null
        case .text(let text): .string(text)
        case .list(let list): .array(list.map(JSON.string))
        case .integer(let number): .integer(Int(number))
        case .real(let number): .real(number)
        case .boolean(let boolean): .bool(boolean)
        }
    }
}
