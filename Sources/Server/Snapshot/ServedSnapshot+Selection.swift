import Analysis
import NetworkModel
import VectorTiles

extension ServedSnapshot {
    /// The features that a request selects, cached for the pages of one walk.
    func select(_ request: ItemsRequest, cancellation: Cancellation) throws -> FeatureSelection {
        let key = "\(request.collection.id)?\(QueryParameters.encode(request.selection))"
        if let known = selections.value(for: key) { return known }
        let selection =
            switch request.filter {
            case .records(let kind, let filter):
                try FeatureSelection(
                    request, filter, of: kind, features(of: kind), in: snapshot, cancellation: cancellation)
            case .analysis(let question):
                try FeatureSelection(
                    request, of: try analyst.answer(question, cancellation: cancellation), cancellation: cancellation)
            case .layer:
                try FeatureSelection(request, of: try layer(of: request.collection), cancellation: cancellation)
            }
        selections.insert(selection, for: key, cost: selection.cost + key.utf8.count)
        return selection
    }

    /// The offers that pass a filter, cached: tiles of one map view, vocabulary and items ask for the same.
    func offers(
        matching filter: OfferFilter, cancellation: Cancellation = .never
    ) throws(Problem) -> OfferSelection {
        do throws(FilterError) {
            return try selection(of: filter, cancellation: cancellation)
        } catch {
            throw Problem(error)
        }
    }

    /// The same for those who tell mistakes in their own way.
    func selection(of filter: OfferFilter, cancellation: Cancellation) throws(FilterError) -> OfferSelection {
        if let known = offerSelections.value(for: filter) { return known }
        let selection = try OfferSelection(filter, in: snapshot) { cancellation.isRequested }
        let cost = selection.rows.count * MemoryLayout<Int>.stride + 512 + filter.cost
        offerSelections.insert(selection, for: filter, cost: cost)
        return selection
    }

    /// The points that tiles of a filter show, cached: all tiles of a filter are made from one set of clusters.
    func tilePoints(matching filter: OfferFilter, cancellation: Cancellation) throws(Problem) -> ChosenPoints? {
        if let known = tilePoints.value(for: filter) { return known }
        guard let points = tiles.points(of: try offers(matching: filter, cancellation: cancellation)) else {
            return nil
        }
        tilePoints.insert(points, for: filter, cost: points.cost + filter.cost)
        return points
    }

    /// The same where it is at hand; nil where it has to be made, an empty optional where the tileset shows no offers.
    func tilePointsAtHand(matching filter: OfferFilter) -> ChosenPoints?? {
        if let known = tilePoints.value(for: filter) { return .some(known) }
        return tiles.showsOffers ? nil : .some(nil)
    }
}
