import Geometry
import NetworkModel

extension PageRenderer {
    /// The HTML form of a document: its members as nested lists.
    func document(_ document: APIDocument, _ exchange: Exchange, language: String) -> [UInt8] {
        var details = HTMLText()
        let shown = document.json.members.filter { !["title", "description", "links"].contains($0.0) }
        details.write(JSON.object(shown))
        var context = frame(document.title, document.description, document.links, exchange, language)
        context["details"] = details.text
        if case .collection(let id) = exchange.route,
            let collection = exchange.served.collections.first(where: { $0.id == id })
        {
            context["json_ld"] = SchemaOrg(exchange, language: language).dataset(collection).dataBlock
        }
        return render("api-document", context)
    }

    /// The HTML form of a page of features: a table with all their properties.
    func items(
        _ selection: FeatureSelection, _ request: ItemsRequest, _ exchange: Exchange, language: String
    ) throws(Problem) -> [UInt8] {
        let rows = try request.page(of: selection)
        let collection = request.collection
        let question: [QueryParameters.Item] =
            if case .analysis(let query) = request.filter { query.items } else { [] }
        let columns = try request.columns(of: selection.table)
        let isAnalysis = if case .analysis = request.filter { true } else { false }
        let html = HTMLText(
            table: selection.table, columns, rows, language: language, isRounded: isAnalysis
        ) { id in
            exchange.url(
                "/api/collections/\(collection.id)/items/\(PercentCoding.encode(id))",
                question + [("f", "html"), ("lang", language)])
        }
        var account = HTMLText()
        account.write(JSON.object(selection.members))
        var context = frame(
            collection.title[language], collection.description[language],
            request.links(exchange, selection, format: .html), exchange, language)
        let next = request.next(in: selection, version: exchange.served.version(of: collection))
        context["matched"] = selection.rows.count
        context["returned"] = rows.count
        context["first"] = rows.isEmpty ? 0 : rows.startIndex + 1
        context["last"] = rows.endIndex
        context["table"] = html.text
        context["details"] = account.text
        context["next"] =
            next.map {
                exchange.url(
                    "/api/collections/\(collection.id)/items",
                    request.parameters(cursor: $0, format: "html") + [("lang", language)])
            } ?? ""
        context["has_next"] = next != nil
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
        html.markup("<table><tbody>")
        for (field, column) in zip(table.fields, table.columns) {
            html.markup("<tr><th scope=\"row\">")
            html.write(field.title(language))
            html.markup("</th><td>")
            html.write(column[row].shown)
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
        var context = frame(title, collection.title[language], links, exchange, language)
        context["table"] = html.text
        if let block = SchemaOrg(exchange, language: language).feature(row, table, collection) {
            context["json_ld"] = block.dataBlock
        }
        var account = HTMLText()
        if let answer { account.write(JSON.object(answer.head)) }
        context["details"] = account.text
        return render("api-item", context)
    }

    /// The HTML form of an answer: its rows as a table, and what they mean and rest on.
    func answer(_ answer: AnalysisAnswer, _ exchange: Exchange, links: [Link], language: String) -> [UInt8] {
        let html = HTMLText(
            table: answer.table, nil, 0..<answer.table.count, language: language, isRounded: true
        ) { _ in nil }
        var account = HTMLText()
        // Title and text of the definition stand above already.
        account.write(
            JSON.object(
                answer.head.map { name, value in
                    guard name == "definition" else { return (name, value) }
                    return (name, .object(value.members.filter { !["title", "text"].contains($0.0) }))
                }))
        var context = frame(
            answer.definition.title[language], answer.definition.text[language], links, exchange, language)
        context["table"] = html.text
        context["details"] = account.text
        context["reasons"] = PlainAnswer.reasons(answer.table, shown: Set(answer.table.fields.map(\.name)))
            .map { text("reason_\($0)", language).replacing("reason_", with: "") }.joined(separator: ", ")
        return render("api-answer", context)
    }

    /// What every page of the API has: title, texts, links, attribution.
    func frame(
        _ title: String, _ description: String, _ links: [Link], _ exchange: Exchange, _ language: String
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
            "lang": language, "t": apiTexts(language),
            "title": HTMLText.separatingMarks(title), "description": HTMLText.separatingMarks(description),
            "links": list.text, "attribution": HTMLText.separatingMarks(exchange.served.attribution),
            "data_version": exchange.served.version, "base": exchange.base.path,
            "other_language": otherLanguage,
            "other_language_url": HTMLText.separatingMarks(
                exchange.url(exchange.itemPath, other + [("lang", otherLanguage), ("f", "html")])),
        ]
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
    private mutating func write(figure value: FieldValue, _ field: Field, _ missing: [String], _ language: String) {
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
