import NetworkModel

extension ServedSnapshot {
    /// The features that a request selects, cached for the pages of one walk.
    func select(_ request: ItemsRequest) throws(Problem) -> FeatureSelection {
        let key = "\(request.collection.id)?\(QueryParameters.encode(request.selection))"
        if let known = selections.value(for: key) { return known }
        let selection = try FeatureSelection(request, in: snapshot)
        selections.insert(selection, for: key, cost: selection.cost + key.utf8.count)
        return selection
    }

    /// The row of a feature; by index where there is one, else by bisection, rows being in the order of their ids.
    func row(of id: String, in collection: FeatureCollection) -> Int? {
        switch collection.kind {
        case .districts: return snapshot.districtRows.row(of: id)
        case .municipalities: return snapshot.municipalityRows.row(of: id)
        case .actors: return snapshot.actorRows.row(of: id)
        case .offers: return snapshot.offerRows.row(of: id)
        default:
            let identifiers = snapshot[collection.kind].identifiers
            let wanted = Array(id.utf8)
            var low = 0
            var high = identifiers.count
            while low < high {
                let middle = (low + high) / 2
                if identifiers.bytes[identifiers.range(middle)].lexicographicallyPrecedes(wanted) {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            return low < identifiers.count && identifiers.bytes[identifiers.range(low)].elementsEqual(wanted)
                ? low : nil
        }
    }

    /// The offers that pass a filter, cached: tiles of one map view, vocabulary and items ask for the same.
    func offers(matching filter: OfferFilter) throws(Problem) -> OfferSelection {
        if let known = offerSelections.value(for: filter) { return known }
        do throws(FilterError) {
            let selection = try OfferSelection(filter, in: snapshot)
            offerSelections.insert(selection, for: filter, cost: selection.rows.count * MemoryLayout<Int>.stride + 512)
            return selection
        } catch {
            throw Problem(error)
        }
    }
}
