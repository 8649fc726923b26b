extension ItemsRequest {
    /// The links of a page: itself, its other form, the next page, its collection.
    func links(_ exchange: Exchange, _ selection: FeatureSelection, format: Exchange.Format) -> [Link] {
        let path = "/api/collections/\(collection.id)/items"
        let otherFormat: Exchange.Format = format == .json ? .html : .json
        let types: [Exchange.Format: String] = [.json: MediaTypes.geoJSON, .html: "text/html"]
        let link = { (rel: String, format: Exchange.Format, cursor: PageCursor?, title: Localized) in
            Link(
                href: exchange.url(path, parameters(cursor: cursor, format: format.rawValue)), rel: rel,
                type: types[format] ?? MediaTypes.json, title: title)
        }
        var links = [
            link("self", format, cursor, Localized(de: "Diese Seite", en: "This page")),
            link(
                "alternate", otherFormat, cursor,
                otherFormat == .html
                    ? Localized(de: "Diese Seite als HTML", en: "This page as HTML")
                    : Localized(de: "Diese Seite als GeoJSON", en: "This page as GeoJSON")),
        ]
        if let next = next(in: selection, version: exchange.served.version(of: collection)) {
            links.append(link("next", format, next, Localized(de: "Nächste Seite", en: "Next page")))
        }
        links.append(
            Link(
                href: exchange.url("/api/collections/\(collection.id)"), rel: "collection", type: MediaTypes.json,
                title: collection.title))
        return links + collection.exportLinks(exchange) { exportParameters($0) }
    }
}

extension FeatureCollection {
    /// The links to exports in each form.
    ///
    /// - Parameter parameters: what selects the features, with the form.
    func exportLinks(
        _ exchange: Exchange, parameters: (ExportFormat) -> [QueryParameters.Item]
    ) -> [Link] {
        ExportFormat.allCases.map { form in
            Link(
                href: exchange.url("/api/collections/\(id)/export", parameters(form)), rel: "enclosure",
                type: form.mediaType, title: form.title)
        }
    }

    /// The links of one feature: itself, its other form, its collection.
    ///
    /// - Parameter parameters: what the figures of an analysis depend on.
    func itemLinks(
        _ id: String, _ exchange: Exchange, format: Exchange.Format, parameters: [QueryParameters.Item]
    ) -> [Link] {
        let path = "/api/collections/\(self.id)/items/\(PercentCoding.encode(id))"
        let json = Link(
            href: exchange.url(path, parameters + [("f", "json")]), rel: format == .json ? "self" : "alternate",
            type: MediaTypes.geoJSON, title: Localized(de: "Dieses Objekt als GeoJSON", en: "This feature as GeoJSON"))
        let html = Link(
            href: exchange.url(path, parameters + [("f", "html")]), rel: format == .html ? "self" : "alternate",
            type: "text/html", title: Localized(de: "Dieses Objekt als HTML", en: "This feature as HTML"))
        return (format == .json ? [json, html] : [html, json]) + [
            Link(
                href: exchange.url("/api/collections/\(self.id)"), rel: "collection", type: MediaTypes.json,
                title: title)
        ]
    }
}
