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
        return render("api-document", context)
    }

    /// The HTML form of a page of features: a table with all their properties.
    func items(
        _ selection: FeatureSelection, _ request: ItemsRequest, _ exchange: Exchange, language: String
    ) throws(Problem) -> [UInt8] {
        let rows = try request.page(of: selection)
        let collection = request.collection
        let table = exchange.served.snapshot[collection.kind]
        let fields = FeatureCollection.fields(table.schema)
        let columns = fields.compactMap { table[field: $0.name] }
        var html = HTMLText()
        html.markup("<table><thead><tr>")
        for field in fields {
            html.markup("<th scope=\"col\">")
            html.write(field.title(language))
            html.markup("</th>")
        }
        html.markup("</tr></thead><tbody>")
        for row in rows {
            html.markup("<tr>")
            for (position, column) in columns.enumerated() {
                html.markup("<td>")
                if position == 0, let id = table.identifiers[row] {
                    let path = "/api/collections/\(collection.id)/items/\(PercentCoding.encode(id))"
                    html.link(exchange.url(path, [("f", "html"), ("lang", language)]), id)
                } else {
                    html.write(column[row].shown)
                }
                html.markup("</td>")
            }
            html.markup("</tr>")
        }
        html.markup("</tbody></table>")
        var context = frame(
            collection.title[language], collection.description[language],
            request.links(exchange, selection, format: .html), exchange, language)
        let next = request.next(in: selection, version: exchange.served.version)
        context["matched"] = selection.rows.count
        context["returned"] = rows.count
        context["first"] = rows.isEmpty ? 0 : rows.startIndex + 1
        context["last"] = rows.endIndex
        context["table"] = html.text
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
    func item(
        _ row: Int, _ collection: FeatureCollection, _ exchange: Exchange, links: [Link], language: String
    ) -> [UInt8] {
        let table = exchange.served.snapshot[collection.kind]
        var html = HTMLText()
        html.markup("<table><tbody>")
        for field in FeatureCollection.fields(table.schema) {
            guard let column = table[field: field.name] else { continue }
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
        } else {
            html.write(FieldValueText.none)
        }
        html.markup("</td></tr></tbody></table>")
        let title = ["title", "name"].compactMap { table[field: $0]?[row].text }.first ?? table.identifiers[row] ?? ""
        var context = frame(title, collection.title[language], links, exchange, language)
        context["table"] = html.text
        return render("api-item", context)
    }

    /// What every page of the API has: title, texts, links, attribution.
    private func frame(
        _ title: String, _ description: String, _ links: [Link], _ exchange: Exchange, _ language: String
    ) -> [String: any Sendable] {
        var list = HTMLText()
        list.markup("<ul>")
        for link in links {
            list.markup("<li>")
            list.link(link.href, link.title[language], rel: link.rel, type: link.type)
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
        }
    }

    /// The text, where it is one.
    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
