import NetworkModel

extension PageRenderer {
    /// The most changes of one load that the page lists; the JSON form has all.
    private static let mostChanges = 200
    /// The most loads that the page lists, the newest ones.
    private static let mostSteps = 50

    /// The HTML form of what changed: a table for each load, the newest first.
    func changes(
        _ document: APIDocument, _ steps: ArraySlice<ChangeLog.Step>, _ exchange: Exchange, language: String
    ) -> [UInt8] {
        var html = HTMLText()
        if steps.isEmpty {
            html.markup("<p>")
            html.write(text("changes_none", language))
            html.markup("</p>")
        }
        for step in steps.reversed().prefix(Self.mostSteps) { write(step, exchange, language, to: &html) }
        var context = frame(document.title, document.description, document.links, exchange, language)
        context["steps"] = html.text
        context["is_incomplete"] = !ChangeLog.isComplete(steps, upTo: exchange.served.version)
        context["feed"] = exchange.url("/api/changes.atom", [("lang", language)])
        return render("api-changes", context)
    }

    /// The page about a record that is no longer published.
    func gone(
        _ change: RecordChange, _ step: ChangeLog.Step, _ collection: FeatureCollection, _ exchange: Exchange,
        language: String
    ) -> [UInt8] {
        var html = HTMLText()
        html.markup("<dl>")
        let fields = Dictionary(
            exchange.served.features(of: change.kind).fields.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
        let stated =
            [("removed_at", step.time), ("data_version", step.after), ("last_status", change.status ?? "")]
            .map { (text($0.0, language), $0.1) }
            + change.lastPublished.sorted { $0.key < $1.key }
            .map { (fields[$0.key].map { language == "en" ? $0.titleEN : $0.titleDE } ?? $0.key, $0.value) }
        for (name, value) in stated where !value.isEmpty {
            html.markup("<dt>")
            html.write(name)
            html.markup("</dt><dd>")
            html.write(value)
            html.markup("</dd>")
        }
        html.markup("</dl>")
        let links = [
            Link(
                href: exchange.url("/api/collections/\(collection.id)/items", [("f", "html")]), rel: "collection",
                type: "text/html", title: collection.title),
            Link(
                href: exchange.url("/api/changes", [("f", "html")]), rel: "related", type: "text/html",
                title: Localized(de: "Änderungen", en: "Changes")),
        ]
        var context = frame(
            change.title ?? change.identifier ?? "", text("gone_text", language), links, exchange, language)
        context["details"] = html.text
        return render("api-document", context)
    }

    private func write(_ step: ChangeLog.Step, _ exchange: Exchange, _ language: String, to html: inout HTMLText) {
        html.markup("<section><h2><time datetime=\"")
        html.write(step.time)
        html.markup("\">")
        html.write(step.time.replacing("T", with: " ").replacing("Z", with: " UTC"))
        html.markup("</time></h2><p>")
        html.write("\(text("data_version", language)): ")
        html.markup("<code>")
        html.write(step.before)
        html.markup("</code> → <code>")
        html.write(step.after)
        html.markup("</code></p><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
        html.write("\(text("changes", language)) \(step.time)")
        html.markup("\"><table><thead><tr>")
        for name in ["change", "collection", "record", "last_status"] {
            html.markup("<th scope=\"col\">")
            html.write(text(name, language))
            html.markup("</th>")
        }
        html.markup("</tr></thead><tbody>")
        for change in step.changes.prefix(Self.mostChanges) {
            html.markup("<tr><td>")
            html.write(text("change_\(change.sort.rawValue)", language))
            html.markup("</td><td>")
            html.write(
                exchange.served.collections.first { $0.kind == change.kind }?.title[language]
                    ?? change.kind.inputName)
            html.markup("</td><td>")
            if let identifier = change.identifier {
                let title = exchange.served.title(of: change) ?? identifier
                if let address = exchange.recordURL(change, [("f", "html"), ("lang", language)]) {
                    html.link(address, title)
                } else {
                    html.write(title)
                }
            } else {
                html.write("\(change.records) \(text("records", language))")
            }
            html.markup("</td><td>")
            html.write(change.status ?? "")
            html.markup("</td></tr>")
        }
        html.markup("</tbody></table></div>")
        if step.changes.count > Self.mostChanges {
            html.markup("<p>")
            html.write("\(step.changes.count - Self.mostChanges) \(text("more_in_json", language))")
            html.markup("</p>")
        }
        html.markup("</section>")
    }
}
