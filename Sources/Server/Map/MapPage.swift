import Analysis
import Geometry
import HTTPTypes
import NetworkModel

extension Site {
    /// The public map. Its query is the state of the view; what is unknown or malformed in it is passed over, since
    /// shared links collect what others append. With `embed=1` it is a part of another site's page, which may frame it.
    func map(_ exchange: Exchange) async throws -> Answer {
        let language = exchange.pageLanguage(of: pages.languages)
        let way = pages.ways(in: exchange.served.snapshot).first { $0.id == exchange.query["view"] }
        let statesFilter = !exchange.query.picking(OfferFilter.parameterNames).isEmpty
        // Which of its values are known takes a look at all offers.
        let filter =
            statesFilter
            ? try await workers(of: exchange).run(for: exchange.client) { exchange.lenientOfferFilter($0) }
            : OfferFilter()
        let state = MapPageState(
            filter: filter, way: way, isEmbedded: exchange.query["embed"] == "1",
            language: language)
        let page = try await representation(
            exchange, variant: "/map?\(QueryParameters.encode(state.parameters(language: language)))",
            mediaType: MediaTypes.html
        ) { _ in try pages.map(exchange, state) }
        var answer = Answer(.whole(page), caching: .revalidate, vary: ["Accept-Language"])
        if state.isEmbedded { answer.frameAncestors = frameAncestors }
        answer.pictures = pages.baseMap?.origin
        return answer
    }
}

extension Exchange {
    /// What the query states of the filter grammar, without the parameters that cannot be read or that nothing knows.
    fileprivate func lenientOfferFilter(_ cancellation: Cancellation) -> OfferFilter {
        var parameters: [QueryParameters.Item] = []
        for item in query.picking(OfferFilter.parameterNames)
        where !parameters.contains(where: { $0.name == item.name }) {
            parameters.append(item)
        }
        while !parameters.isEmpty {
            do throws(FilterError) {
                let filter = try OfferFilter(parameters: parameters)
                _ = try served.selection(of: filter, cancellation: cancellation)
                return filter
            } catch {
                let refused = error.parameter
                let rest = parameters.filter { $0.name != refused }
                if rest.count == parameters.count { break }
                parameters = rest
            }
        }
        return OfferFilter()
    }
}

extension Exchange {
    /// The address of the map's page with a query. In a folder of files each language has a page of its own.
    func mapAddress(_ parameters: [QueryParameters.Item], in language: String) -> String {
        let stated = base.isRelative ? parameters.filter { $0.name != QueryParameter.language.name } : parameters
        let query = stated.isEmpty ? "" : "?\(QueryParameters.encode(stated))"
        return "\(base.path)/\(base.isRelative ? StaticPath.map(in: language) : "")\(query)"
    }
}

/// What a request for the map's page asks for.
struct MapPageState: Sendable {
    /// The offers that the visitor chose.
    let filter: OfferFilter
    /// The way in, or nil for all offers.
    let way: WayIn?
    /// Whether the page is shown inside another one.
    let isEmbedded: Bool
    let language: String

    /// The state as the page's query; the same state, the same text.
    func parameters(language: String) -> [QueryParameters.Item] {
        [("lang", language)] + (way.map { [("view", $0.id)] } ?? []) + filter.parameters
            + (isEmbedded ? [("embed", "1")] : [])
    }

    /// The offers that the page lists: the visitor's choice within the way in.
    func selected(_ snapshot: Snapshot) throws(Problem) -> OfferFilter {
        guard let categories = way?.categories, !categories.isEmpty else { return filter }
        let chosen = filter.codes[.category].map { $0.filter(categories.contains) } ?? []
        let known = Set(snapshot.vocabulary["category"].map(\.key))
        let wanted = chosen.isEmpty ? categories.filter(known.contains) : chosen
        do throws(FilterError) {
            return try OfferFilter(
                parameters: filter.without("category").parameters + [("category", wanted.joined(separator: ","))])
        } catch {
            throw Problem(error)
        }
    }
}

extension PageRenderer {
    /// The fields that the page offers as filters, in its order.
    private static let filterFields: [OfferFilter.CodeField] = [
        .category, .topic, .audience, .language, .delivery, .sector, .locatedIn,
    ]

    /// The most entries that the page lists itself; the script shows all.
    private static let mostEntries = 100

    /// Renders the map's page: complete without script, with the list that the query selects.
    func map(_ exchange: Exchange, _ state: MapPageState) throws(Problem) -> [UInt8] {
        let served = exchange.served
        let (filter, language) = (state.filter, state.language)
        let texts = texts(in: language)
        let region = served.regionNames.map { $0[language] }.joined(separator: ", ")
        let selection = try served.offers(matching: try state.selected(served.snapshot))
        let extent = served.regionBox
        let name = texts.text("app_name")
        let frame = PageFrame(nil, exchange, self, language: language)
        var context: [String: any Sendable] = [
            "lang": language, "dir": texts.direction, "t": texts.context, "language": texts.name,
            "unreviewed": !texts.isReviewed, "is_german": Self.foreign("de", on: language).isEmpty,
            "base": exchange.base.path,
            "bbox": [extent.minX, extent.minY, extent.maxX, extent.maxY].map(\.description).joined(separator: ","),
            "region_name": HTMLText.separatingMarks(region),
            "region_foreign": PageFrame.languageOfRegionName(language),
            "title": HTMLText.separatingMarks(region.isEmpty ? name : "\(name) \(region)"),
            "attribution": HTMLText.separatingMarks(served.attribution),
            "content_version": served.contentVersion,
            "is_static": exchange.base.isRelative,
            "home": exchange.mapAddress([], in: language),
            "is_large": !exchange.base.isRelative && served.snapshot.offers.count > MapData.mostOffers,
            "is_embedded": state.isEmbedded,
            "ways": ways(exchange, state, texts: texts),
            "q": HTMLText.separatingMarks(filter.text ?? ""),
            "languages": languages.map { languageLink($0, state, exchange) },
            "filters": Self.filterFields.map { field in
                facet(field, filter, texts: texts, language: language, served: served)
            },
            "offers_count_text": countText(selection, filter, texts: texts, served: served),
            "offers": selection.rows.prefix(Self.mostEntries).map { row in
                entry(row, served, language: language).merging([
                    "page": frame.href(.offer(served.snapshot.offers.identifiers[row] ?? "")),
                    "status_text": frame.status(of: RecordFacts(table: served.snapshot.offers, row: row)),
                ]) { first, _ in first }
            },
            "silent_notes": silentNotes(selection, state, exchange, texts: texts),
        ]
        context.merge(frame.links) { first, _ in first }
        if let baseMap {
            context["base_map"] = [
                "template": baseMap.template, "host": baseMap.origin.host,
                "attribution": HTMLText.separatingMarks(baseMap.attribution),
            ]
        }
        if selection.rows.count > Self.mostEntries {
            let (shown, total) = (texts.number(Self.mostEntries), texts.number(selection.rows.count))
            context["limit_note"] = texts.text("note_limit", ["shown": shown, "total": total])
        }
        // Absent, not empty: a section shows itself for any text.
        if let way = state.way { context["way"] = way.id }
        if exchange.base.isRelative { context["policy"] = Answer.policyOfFiles }
        return render("map", context)
    }

    /// The ways in that lead to anything: a network may have no projects.
    func ways(in snapshot: Snapshot) -> [WayIn] {
        let known = Set(snapshot.vocabulary["category"].map(\.key))
        return ways.filter { $0.categories.isEmpty || $0.categories.contains(where: known.contains) }
    }

    /// The ways in as links: another way starts without the filters, which may mean nothing there.
    private func ways(_ exchange: Exchange, _ state: MapPageState, texts: PageTexts) -> [[String: any Sendable]] {
        let all: [WayIn?] = [nil] + ways(in: exchange.served.snapshot)
        return all.map { way in
            let link = MapPageState(
                filter: OfferFilter(), way: way, isEmbedded: state.isEmbedded,
                language: state.language)
            let address = exchange.mapAddress(link.parameters(language: state.language), in: state.language)
            return [
                "id": way?.id ?? "", "href": HTMLText.separatingMarks(address), "current": state.way == way,
                "label": texts.text("way_\(way?.id ?? "all")"),
                "categories": (way?.categories ?? []).joined(separator: ","),
            ]
        }
    }

    private func languageLink(
        _ tag: String, _ state: MapPageState, _ exchange: Exchange
    ) -> [String: any Sendable] {
        return [
            "tag": tag, "href": exchange.mapAddress(state.parameters(language: tag), in: tag),
            "current": tag == state.language,
            "name": texts(in: tag).name,
        ]
    }

    private func facet(
        _ field: OfferFilter.CodeField, _ filter: OfferFilter, texts: PageTexts, language: String,
        served: ServedSnapshot
    ) -> [String: any Sendable] {
        let chosen = filter.codes[field] ?? []
        return [
            "name": field.rawValue,
            "label": texts.text("filter_\(field.rawValue)"),
            "silent": served.notStatedCount(field),
            "silent_selected": chosen.contains(OfferFilter.notStated),
            "options": served.facetOptions(field, language: language).map { option -> [String: any Sendable] in
                [
                    "key": HTMLText.separatingMarks(option.key), "label": HTMLText.separatingMarks(option.label),
                    "count": option.count, "selected": chosen.contains(option.key),
                    // Districts have German names.
                    "foreign": Self.foreign(option.language ?? (field == .locatedIn ? "de" : nil), on: language),
                ]
            },
        ]
    }

    /// How many further offers say nothing about what was asked for, each with a link to the list that holds them too.
    private func silentNotes(
        _ selection: OfferSelection, _ state: MapPageState, _ exchange: Exchange, texts: PageTexts
    ) -> [[String: any Sendable]] {
        Self.filterFields.compactMap { field in
            let count = selection.notStated.first { $0.field == field.rawValue }?.count ?? 0
            // A way in is its categories: none stated leads out of it.
            guard count > 0, field != .category || state.way == nil else { return nil }
            let values = (state.filter.codes[field] ?? []) + [OfferFilter.notStated]
            let parameters =
                state.filter.without(field.rawValue).parameters + [(field.rawValue, values.joined(separator: ","))]
            guard let filter = try? OfferFilter(parameters: parameters) else { return nil }
            let wider = MapPageState(
                filter: filter, way: state.way, isEmbedded: state.isEmbedded, language: state.language)
            let name = texts.text("filter_\(field.rawValue)")
            return [
                "text": texts.text("note_not_stated", count: count, ["field": name]),
                "link": texts.text("silent_title", count: count, ["field": name]),
                "href": exchange.mapAddress(wider.parameters(language: state.language), in: state.language),
            ]
        }
    }

    /// What the plain list says of an offer; what is not stated is left out, so that the template can tell.
    private func entry(_ row: Int, _ served: ServedSnapshot, language: String) -> [String: any Sendable] {
        let offers = served.snapshot.offers
        var result: [String: any Sendable] = [:]
        for name in ["id", "title", "actor_name", "place", "district_name", "source_title", "source_year", "status"] {
            switch offers[field: name]?[row] {
            case .text(let text): result[name] = HTMLText.separatingMarks(text)
            case .integer(let number): result[name] = number.description
            default: break
            }
        }
        if case .text(let category) = offers[field: "category"]?[row] {
            result["category"] = category
            let name = served.snapshot.vocabulary.name("category", category, language: language)
            result["category_label"] = HTMLText.separatingMarks(name?.text ?? category)
            result["category_foreign"] = Self.foreign(name?.language, on: language)
        }
        // An outer name would shine through where the entry has none: the page has a title too.
        if result["title"] == nil { result["title"] = "" }
        return result
    }

    /// How many offers there are; where none is known of, that there are no data, never that there are no offers.
    private func countText(
        _ selection: OfferSelection, _ filter: OfferFilter, texts: PageTexts, served: ServedSnapshot
    ) -> String {
        guard selection.rows.isEmpty else { return texts.text("offers_count", count: selection.rows.count) }
        let districts = served.snapshot.districts
        let status = districts.code("data_status")
        let chosen = filter.codes[.locatedIn] ?? []
        let haveNoData =
            !chosen.isEmpty
            && chosen.allSatisfy { key in
                served.snapshot.districtRows.row(of: key).map { status[$0] == "no_data" } ?? false
            }
        return texts.text(haveNoData ? "count_no_data" : "count_no_entries")
    }
}
