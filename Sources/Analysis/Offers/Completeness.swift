public import NetworkModel

/// How much of what was asked for the data can answer (DOMAIN 6.3 and 6.5): part of every answer.
public struct Completeness: Sendable {
    /// A filtered field that offers leave empty.
    public struct SilentField: Sendable, Hashable {
        /// The parameter of the filter.
        public let field: String
        /// How many offers pass all other filters but state nothing here.
        public let notStated: Int
        /// How many offers pass all other filters.
        public let passingOthers: Int

        /// Whether more than half of them state nothing, so that figures are marked "data insufficient".
        public var isInsufficient: Bool { 2 * notStated > passingOthers }
    }

    /// How many offers passed the filter.
    public let matched: Int
    /// How many of them count for distances.
    public let usable: Int
    /// How many do not, by reason.
    public let obstacles: [(obstacle: UsableOffers.Obstacle, count: Int)]
    /// How many count although they state no delivery.
    public let withoutDelivery: Int
    /// How many of the usable ones are placed by their municipality alone.
    public let placedByMunicipality: Int
    /// How many of those that passed state no service area, so that they serve no area in the figures.
    public let withoutServiceArea: Int
    /// How many of those that passed have each status of validity.
    public let statuses: [(status: String, count: Int)]
    /// The filtered fields and how many offers leave them empty.
    public let fields: [SilentField]

    /// How many offers passed but have no usable place.
    public var withoutUsablePlace: Int { matched - usable }
    /// The share of the usable offers that are placed by their municipality alone; null without usable offers.
    public var shareByMunicipality: Figure<Double> {
        usable == 0 ? .missing(.noUsableOffer) : .value(Double(placedByMunicipality) / Double(usable))
    }
    /// Whether the figures are marked "data insufficient".
    public var isInsufficient: Bool { fields.contains(where: \.isInsufficient) }

    /// Takes the account of a selection made by a filter.
    ///
    /// - Parameter isCancelled: asked now and then whether nobody wants the result any more.
    /// - Complexity: one more selection per filtered field.
    /// - Throws: `FilterError` as `OfferSelection` does.
    public init(
        _ filter: OfferFilter, _ selection: OfferSelection, _ usable: UsableOffers, in snapshot: Snapshot,
        isCancelled: () -> Bool = { false }
    ) throws(FilterError) {
        matched = selection.rows.count
        self.usable = usable.rows.count
        obstacles = usable.obstacles
        withoutDelivery = usable.withoutDelivery
        placedByMunicipality = usable.placedByMunicipality
        statuses = selection.statuses
        let served = snapshot.offers.codeList("served_keys")
        withoutServiceArea = selection.rows.reduce(0) { $0 + (served.isNull($1) ? 1 : 0) }
        var fields: [SilentField] = []
        for (name, count) in selection.notStated {
            let others = try OfferSelection(filter.without(name), in: snapshot, isCancelled: isCancelled)
            fields.append(SilentField(field: name, notStated: count, passingOthers: others.rows.count))
        }
        self.fields = fields
    }
}
