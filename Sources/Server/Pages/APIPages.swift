import Analysis
import Geometry
import NetworkModel

extension PageRenderer {
    /// The HTML form of a document: its members as nested lists.
    func document(_ document: APIDocument, _ exchange: Exchange, language: String) -> [UInt8] {
        if case .collection(let id) = exchange.route,
            let collection = exchange.served.collections.first(where: { $0.id == id })
        {
            return self.collection(collection, document, exchange, language: language)
        }
        var details = HTMLText()
        let shown = document.json.members.filter { !["title", "description", "links"].contains($0.0) }
        details.write(JSON.object(shown))
        var context = frame(document.title, document.description, document.links, exchange, language)
        context["details"] = details.text
        return render("api-document", context)
    }

    /// The HTML form of a page of features: a map and a table with all that they state.
    func items(
        _ selection: FeatureSelection, _ request: ItemsRequest, _ exchange: Exchange, language: String
    ) throws(Problem) -> [UInt8] {
        let rows = try request.page(of: selection)
        let collection = request.collection
        let path = "/api/collections/\(collection.id)/items"
        let question: [QueryParameters.Item] =
            if case .analysis(let query) = request.filter { query.items } else { [] }
        let wanted = try request.columns(of: selection.table)
        // Of many fields most are stated by none of a page's features: these are named below the table instead.
        let columns = wanted ?? selection.table.statedColumns(of: rows)
        let isAnalysis = if case .analysis = request.filter { true } else { false }
        let html = HTMLText(
            table: selection.table, columns, rows, language: language, isRounded: isAnalysis
        ) { id in
            exchange.url("\(path)/\(PercentCoding.encode(id))", question + [("f", "html"), ("lang", language)])
        }
        var account = HTMLText()
        account.write(JSON.object(selection.members))
        var context = frame(
            collection.title[language], collection.description[language],
            request.links(exchange, selection, format: .html), exchange, language, trail: [.collection(collection)])
        let version = exchange.served.version(of: collection)
        let page = { (cursor: PageCursor?) in
            exchange.url(path, request.parameters(cursor: cursor, format: "html") + [("lang", language)])
        }
        context["here"] = text("items", language)
        context["matched"] = selection.rows.count
        context["first"] = rows.isEmpty ? 0 : rows.startIndex + 1
        context["last"] = rows.endIndex
        context["table"] = html.text
        context["details"] = account.text
        context["has_details"] = !selection.members.isEmpty
        context["next"] = request.next(in: selection, version: version).map(page)
        if rows.startIndex > 0 {
            let start = max(0, rows.startIndex - request.limit)
            context["previous"] = page(start == 0 ? nil : PageCursor(version: version, offset: start))
        }
        let hidden = selection.table.fields.indices.filter { !columns.contains($0) }
        if wanted == nil, !hidden.isEmpty, !rows.isEmpty {
            context["empty_columns"] = HTMLText.separatingMarks(
                hidden.map { selection.table.fields[$0].title(language) }.joined(separator: ", "))
        }
        context["map"] = map(
            selection.table, rows, on: ground(collection, exchange),
            title: "\(collection.title[language]): \(rows.count) \(text("shown", language))")
        context["downloads"] = downloads(collection, exchange, language) {
            request.exportParameters($0)
        }
        context["filters"] = filters(request, path, exchange, language)
        context["has_filters"] = !request.selection.isEmpty
        context["search"] = search(request, path, exchange, language)
        return render("api-items", context)
    }

    /// The HTML form of one feature: what it states, field by field.
    ///
    /// - Parameter answer: what the figures rest on, where they are an analysis's.
    func item(
        _ row: Int, _ table: FeatureTable, _ collection: FeatureCollection, _ answer: AnalysisAnswer?,
        _ exchange: Exchange, links: [Link], language: String
    ) -> [UInt8] {
        var html = HTMLText()
        html.markup("<table class=\"facts\"><tbody>")
        let missing = answer == nil ? [] : table[field: Field.missing.name]?[row].plainTexts ?? []
        var empty: [String] = []
        for (field, column) in zip(table.fields, table.columns) {
            let value = column[row]
            // What an analysis cannot tell stands there with its reason.
            if case .null = value, answer == nil {
                empty.append(field.title(language))
                continue
            }
            html.markup("<tr><th scope=\"row\">")
            html.write(field.title(language) + (field.readableUnit(language).map { " (\($0))" } ?? ""))
            html.markup("</th><td>")
            if answer == nil {
                html.write(value.shown)
                writeLabels(value, field, exchange, language, to: &html)
            } else {
                html.write(figure: value, field, missing, language)
            }
            html.markup("</td></tr>")
        }
        html.markup("<tr><th scope=\"row\">")
        html.write(text("geometry", language))
        html.markup("</th><td>")
        if let point = table.point(row) {
            html.write("\(point.longitude), \(point.latitude)")
        } else if let surface = table.surface(row) {
            html.write("MultiPolygon (\(surface.vertexCount))")
        } else if let shape = table.shape(row) {
            html.write("\(shape.typeName) (\(shape.vertexCount))")
        } else {
            html.write(FieldValueText.none)
        }
        html.markup("</td></tr></tbody></table>")
        let title = ["title", "name"].compactMap { table[field: $0]?[row].text }.first ?? table.identifier(row)
        var context = frame(
            title, collection.title[language], links, exchange, language,
            trail: [.collection(collection), .items(collection)])
        context["table"] = html.text
        if !empty.isEmpty { context["empty_fields"] = HTMLText.separatingMarks(empty.joined(separator: ", ")) }
        if let block = SchemaOrg(exchange, language: language).feature(row, table, collection) {
            context["json_ld"] = block.dataBlock
        }
        if table.point(row) != nil || table.surface(row) != nil || table.shape(row) != nil {
            context["map"] = map(table, [row], on: ground(collection, exchange), title: title)
        }
        if let answer {
            var account = HTMLText()
            account.write(JSON.object(answer.head))
            context["details"] = account.text
        }
        var downloads = HTMLText()
        write(
            links.filter { $0.rel == "alternate" }.map { ($0.href, $0.title[language], $0.type) }, to: &downloads)
        context["downloads"] = downloads.text
        return render("api-item", context)
    }

    /// The HTML form of an answer: its rows as a table, and what they mean and rest on.
    func answer(_ answer: AnalysisAnswer, _ exchange: Exchange, links: [Link], language: String) -> [UInt8] {
        let html = HTMLText(
            table: answer.table, nil, 0..<answer.table.count, language: language, isRounded: true
        ) { _ in nil }
        var context = answerFrame(answer.definition, answer.head, exchange, links, language)
        context["table"] = html.text
        let reasons = PlainAnswer.reasons(answer.table, shown: Set(answer.table.fields.map(\.name)))
            .map { text("reason_\($0)", language).replacing("reason_", with: "") }
        if !reasons.isEmpty { context["reasons"] = reasons.joined(separator: ", ") }
        context["map"] = map(
            answer.table, 0..<answer.table.count, on: exchange.served.snapshot,
            title: answer.definition.title[language])
        return render("api-answer", context)
    }

    /// The HTML form of the rural index: a map of its classes, and a row for each area.
    func rural(_ answer: RuralAnswer, _ exchange: Exchange, links: [Link], language: String) -> [UInt8] {
        var context = answerFrame(Definition.rural, answer.head, exchange, links, language)
        let rows = answer.rows
        var html = HTMLText()
        html.markup("<table><thead><tr>")
        for (name, _) in rows.first ?? [] {
            html.markup("<th scope=\"col\">")
            html.write(text("rural_\(name)", language).replacing("rural_", with: ""))
            html.markup("</th>")
        }
        html.markup("</tr></thead><tbody>")
        for row in rows {
            html.markup("<tr>")
            for (name, value) in row {
                html.markup("<td>")
                switch value {
                case .real(let number):
                    html.write(PlainAnswer.cell(.real(number), Field(name, .real, de: name, en: name)))
                case .array(let elements): html.write(elements.compactMap(\.text).joined(separator: ", "))
                case .string(let word) where name == "class": html.write(text("class_\(word)", language))
                default: html.write(value)
                }
                html.markup("</td>")
            }
            html.markup("</tr>")
        }
        html.markup("</tbody></table>")
        context["table"] = html.text
        context["map"] = map(answer, title: Definition.rural.title[language])
        context["legend"] = RuralClass.allCases.map {
            ["style": $0.rawValue, "name": text("class_\($0.rawValue)", language)]
        }
        context["has_legend"] = true
        return render("api-answer", context)
    }

    private func answerFrame(
        _ definition: Definition, _ head: [(String, JSON)], _ exchange: Exchange, _ links: [Link], _ language: String
    ) -> [String: any Sendable] {
        var account = HTMLText()
        // Title and text of the definition stand above already.
        account.write(
            JSON.object(
                head.map { name, value in
                    guard name == "definition" else { return (name, value) }
                    return (name, .object(value.members.filter { !["title", "text"].contains($0.0) }))
                }))
        var context = frame(definition.title[language], definition.text[language], links, exchange, language)
        context["details"] = account.text
        var downloads = HTMLText()
        write(
            links.filter { $0.rel == "alternate" }.map { ($0.href, $0.title[language], $0.type) }, to: &downloads)
        context["downloads"] = downloads.text
        return context
    }

    /// The HTML form of a collection: where it lies, what its features state, what it rests on, how to get it.
    private func collection(
        _ collection: FeatureCollection, _ document: APIDocument, _ exchange: Exchange, language: String
    ) -> [UInt8] {
        var context = frame(
            collection.title[language], collection.description[language], document.links, exchange, language)
        let sources = exchange.served.sources(of: collection)
        var facts = HTMLText()
        let span = collection.temporalExtent(in: exchange.served)
        let days = span.flatMap { span -> String? in
            guard span.begin != nil || span.end != nil else { return nil }
            return "\(span.begin?.prefix(10) ?? "…") – \(span.end?.prefix(10) ?? "…")"
        }
        let degree = Field("extent", .real, unit: "deg", de: "", en: "")
        let licences = sources.licences
        facts.markup("<dl>")
        for (name, value) in [
            ("count", collection.count.map(\.description)), ("days", days),
            (
                "extent",
                collection.extent.map { box in
                    [box.minX, box.minY, box.maxX, box.maxY].map { PlainAnswer.cell(.real($0), degree) }
                        .joined(separator: ", ")
                }
            ),
            ("data_version", exchange.served.version(of: collection)),
        ] {
            guard let value else { continue }
            write(term: name, value, language, to: &facts)
        }
        for licence in licences { write(term: "licence", licence, language, to: &facts) }
        if !sources.isEmpty { write(term: "credit", sources.credit, language, to: &facts) }
        facts.markup("</dl>")
        context["facts"] = facts.text
        if let definition = collection.question?.definition {
            context["definition"] = HTMLText.separatingMarks(definition.text[language])
        }
        context["fields"] = fields(collection, exchange, language)
        context["items"] = exchange.url(
            "/api/collections/\(collection.id)/items", [("f", "html"), ("lang", language)])
        context["downloads"] = downloads(collection, exchange, language) { [("f", $0.rawValue)] }
        context["json_ld"] = SchemaOrg(exchange, language: language).dataset(collection).dataBlock
        if let kind = collection.kind, kind.schema.geometry != .none, collection.count ?? 0 <= Self.mostOnMap {
            let table = exchange.served.features(of: kind)
            context["map"] = map(
                table, 0..<table.count, on: exchange.served.snapshot, title: collection.title[language])
        } else if !collection.isLayer, collection.extent != nil {
            context["map"] = map(
                FeatureTable(fields: [], columns: []), [], on: exchange.served.snapshot,
                title: exchange.served.regionNames.map { $0[language] }.joined(separator: ", "))
        }
        return render("api-collection", context)
    }

    /// The most features that a small map can show.
    private static let mostOnMap = 2_000

    /// The fields of a collection's features as a table; of an analysis as they are where nothing is asked for.
    private func fields(_ collection: FeatureCollection, _ exchange: Exchange, _ language: String) -> String {
        guard let fields = try? exchange.served.fields(of: collection), !fields.isEmpty else { return "" }
        var html = HTMLText()
        html.markup("<table><thead><tr>")
        for name in ["field", "meaning", "type", "unit", "vocabulary"] {
            html.markup("<th scope=\"col\">")
            html.write(text(name, language))
            html.markup("</th>")
        }
        html.markup("</tr></thead><tbody>")
        for field in fields {
            html.markup("<tr><th scope=\"row\"><code>")
            html.write(field.name)
            html.markup("</code></th>")
            for value in [field.title(language), field.type.rawValue, field.unit ?? "", field.vocabulary ?? ""] {
                html.markup("<td>")
                html.write(value)
                html.markup("</td>")
            }
            html.markup("</tr>")
        }
        html.markup("</tbody></table>")
        return html.text
    }

    /// What there is to take home: the files with the same selection, tiles, catalogue, exchange of services.
    private func downloads(
        _ collection: FeatureCollection, _ exchange: Exchange, _ language: String,
        parameters: (ExportFormat) -> [QueryParameters.Item]
    ) -> String {
        var links = collection.exportLinks(exchange, parameters: parameters).map {
            ($0.href, $0.title[language], String($0.type.prefix { $0 != ";" }))
        }
        links += collection.tileLinks(exchange).filter { !$0.isTemplated }
            .map { ($0.href, $0.title[language], $0.type) }
        links.append((exchange.url("/api/catalogue"), text("as_catalogue", language), MediaTypes.jsonLD))
        if [.actors, .offers].contains(collection.kind) {
            links.append((exchange.url("/api/hsds"), text("as_hsds", language), MediaTypes.json))
        }
        var html = HTMLText()
        write(links, to: &html)
        return html.text
    }

    private func write(_ links: [(href: String, title: String, type: String)], to html: inout HTMLText) {
        html.markup("<ul>")
        for link in links {
            html.markup("<li>")
            html.link(link.href, link.title, type: link.type)
            html.markup(" <small>")
            html.write(link.type)
            html.markup("</small></li>")
        }
        html.markup("</ul>")
    }

    private func write(term: String, _ value: String, _ language: String, to html: inout HTMLText) {
        html.markup("<dt>")
        html.write(text(term, language))
        html.markup("</dt><dd>")
        html.write(FieldValueText.text(value))
        html.markup("</dd>")
    }

    /// The names of codes, behind them.
    private func writeLabels(
        _ value: FieldValue, _ field: Field, _ exchange: Exchange, _ language: String, to html: inout HTMLText
    ) {
        guard let vocabulary = field.vocabulary else { return }
        let names = (value.plainTexts + [value.plainText].compactMap { $0 }).compactMap { key in
            exchange.served.snapshot.vocabulary.name(vocabulary, key, language: language)?.text
        }
        guard !names.isEmpty else { return }
        html.markup(" <span class=\"label\">")
        html.write(names.joined(separator: ", "))
        html.markup("</span>")
    }

    /// What selects the features, each with the address of the page without it.
    private func filters(
        _ request: ItemsRequest, _ path: String, _ exchange: Exchange, _ language: String
    ) -> [[String: any Sendable]] {
        request.selection.map { item in
            let rest = request.parameters(cursor: nil, format: "html").filter { $0.name != item.name }
            return [
                "name": HTMLText.separatingMarks(item.name), "value": HTMLText.separatingMarks(item.value.clipped),
                "without": exchange.url(path, rest + [("lang", language)]),
            ]
        }
    }

    /// The form that searches by words and keeps the rest of the selection; nil where the collection has no such search.
    private func search(
        _ request: ItemsRequest, _ path: String, _ exchange: Exchange, _ language: String
    ) -> [String: any Sendable]? {
        let name = QueryParameter.text.name
        guard request.collection.filters.contains(where: { $0.name == name }) else { return nil }
        let kept = request.parameters(cursor: nil, format: "html").filter { $0.name != name } + [("lang", language)]
        return [
            "action": "\(exchange.base.path)\(path)",
            "words": HTMLText.separatingMarks(request.selection.first { $0.name == name }?.value ?? ""),
            "kept": kept.map {
                ["name": HTMLText.separatingMarks($0.name), "value": HTMLText.separatingMarks($0.value)]
            },
        ]
    }

    /// What lies under the features of a collection: the districts, but for foreign layers.
    private func ground(_ collection: FeatureCollection, _ exchange: Exchange) -> Snapshot? {
        collection.isLayer ? nil : exchange.served.snapshot
    }

    /// A step of the path to a page, between all collections and the page itself.
    enum TrailStep {
        case collection(FeatureCollection)
        case items(FeatureCollection)
    }

    /// What every page of the API has: title, texts, path, links, attribution.
    func frame(
        _ title: String, _ description: String, _ links: [Link], _ exchange: Exchange, _ language: String,
        trail: [TrailStep] = []
    ) -> [String: any Sendable] {
        var list = HTMLText()
        list.markup("<ul>")
        for link in links {
            list.markup("<li>")
            if link.isTemplated {
                list.write("\(link.title[language]): \(link.href)")
            } else {
                list.link(link.href, link.title[language], rel: link.rel, type: link.type)
            }
            list.write(" (\(link.rel), \(link.type))")
            list.markup("</li>")
        }
        list.markup("</ul>")
        let otherLanguage = language == "de" ? "en" : "de"
        let other = exchange.query.items.filter { $0.name != "lang" && $0.name != "f" }
        return [
            "lang": language, "t": apiTexts(language), "trail": self.trail(trail, exchange, language),
            "title": HTMLText.separatingMarks(title), "here": HTMLText.separatingMarks(title),
            "description": HTMLText.separatingMarks(description),
            "links": list.text, "attribution": HTMLText.separatingMarks(exchange.served.attribution),
            "data_version": exchange.served.version, "base": exchange.base.path,
            "other_language": otherLanguage,
            "other_language_url": HTMLText.separatingMarks(
                exchange.url(exchange.itemPath, other + [("lang", otherLanguage), ("f", "html")])),
        ]
    }

    private func trail(_ steps: [TrailStep], _ exchange: Exchange, _ language: String) -> [[String: String]] {
        let html: [QueryParameters.Item] = [("f", "html"), ("lang", language)]
        var result = [["name": text("api", language), "address": exchange.url("/api", html)]]
        if exchange.path.hasPrefix("/api/collections/") {
            result.append(["name": text("collections", language), "address": exchange.url("/api/collections", html)])
        }
        return result
            + steps.map { step in
                switch step {
                case .collection(let collection):
                    [
                        "name": HTMLText.separatingMarks(collection.title[language]),
                        "address": exchange.url("/api/collections/\(collection.id)", html),
                    ]
                case .items(let collection):
                    [
                        "name": text("items", language),
                        "address": exchange.url("/api/collections/\(collection.id)/items", html),
                    ]
                }
            }
    }
}

extension FeatureTable {
    /// The fields that one of some rows states, the identifier among them. - Complexity: O(rows times fields)
    fileprivate func statedColumns(of rows: some Sequence<Int>) -> [Int] {
        let rows = Array(rows)
        return fields.indices.filter { position in
            position == 0 || rows.contains { !columns[position].isNull($0) }
        }
    }
}

extension HTMLText {
    /// Rows of a table with some of their fields, the first always among them; identifiers lead where a link is given.
    ///
    /// - Parameters:
    ///   - columns: the positions of the fields; nil for all.
    ///   - isRounded: whether numbers have as many digits as a reader can use, and what is missing its reason: figures,
    ///     not records.
    fileprivate init(
        table: FeatureTable, _ columns: [Int]?, _ rows: some Sequence<Int>, language: String, isRounded: Bool,
        link: (String) -> String?
    ) {
        self.init()
        let shown = columns.map { [0] + $0.filter { $0 > 0 } } ?? Array(table.fields.indices)
        let reasons = isRounded ? table[field: Field.missing.name] : nil
        markup("<table><thead><tr>")
        for field in shown.map({ table.fields[$0] }) {
            markup("<th scope=\"col\">")
            write(field.title(language) + (field.readableUnit(language).map { " (\($0))" } ?? ""))
            markup("</th>")
        }
        markup("</tr></thead><tbody>")
        for row in rows {
            markup("<tr>")
            let missing: [String] = if case .list(let list)? = reasons?[row] { list } else { [] }
            for position in shown {
                let column = table.columns[position]
                let field = table.fields[position]
                markup("<td>")
                if position == 0, let href = link(table.identifier(row)) {
                    self.link(href, table.identifier(row))
                } else if isRounded {
                    write(figure: column[row], field, missing, language)
                } else {
                    write(column[row].shown)
                }
                markup("</td>")
            }
            markup("</tr>")
        }
        markup("</tbody></table>")
    }

    /// Writes a figure rounded, or why there is none.
    fileprivate mutating func write(figure value: FieldValue, _ field: Field, _ missing: [String], _ language: String) {
        guard case .null = value else { return write(.text(PlainAnswer.cell(value, field))) }
        if field.type == .codeList, field.isRequired { return write(language == "en" ? "none" : "keine") }
        guard let reason = missing.first(where: { $0.hasPrefix("\(field.name)=") }) else { return write(.none) }
        markup("<span class=\"none\" title=\"")
        write(String(reason.dropFirst(field.name.utf8.count + 1)))
        markup("\">–</span>")
    }
}

extension Exchange {
    /// The path of the resource, a feature's identifier included.
    fileprivate var itemPath: String {
        guard case .item(_, let feature) = route else { return path }
        return path.replacing("{feature}", with: PercentCoding.encode(feature))
    }
}

extension Field {
    /// What the field means, in a language.
    fileprivate func title(_ language: String) -> String { language == "en" ? titleEN : titleDE }

    /// The unit for people; nil for pure numbers (unit 1 of UCUM) and counts, whose title says what they count.
    fileprivate func readableUnit(_ language: String) -> String? {
        switch unit {
        case nil, "1", "{people}": nil
        case "m2": "m²"
        case "km2": "km²"
        case "deg": "°"
        case "{people}.m": language == "en" ? "people × m" : "Einwohner × m"
        case let unit?: unit.hasPrefix("{") ? nil : unit
        }
    }
}

extension FieldValue {
    /// The value as a page shows it.
    fileprivate var shown: FieldValueText {
        switch self {
        case .null: .none
        case .text(let text): .text(text)
        case .list(let list): .text(list.joined(separator: ", "))
        case .integer(let number): .text(number.description)
        case .real(let number): .text(number.description)
        case .boolean(let boolean): .text(boolean.description)
        }
    }

    /// The text, where it is one.
    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
