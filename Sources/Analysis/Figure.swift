/// A figure, or the reason why there is none: never a zero, an infinity or a NaN in place of something unknown.
public enum Figure<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The figure.
    case value(Value)
    /// There is no figure, for this reason.
    case missing(MissingReason)

    /// The figure, or nil.
    public var value: Value? {
        guard case .value(let value) = self else { return nil }
        return value
    }

    /// Why there is no figure, or nil where there is one.
    public var reason: MissingReason? {
        guard case .missing(let reason) = self else { return nil }
        return reason
    }

    /// The value, or the reason for a value that is not there.
    init(_ value: Value?, else reason: MissingReason) { self = value.map(Self.value) ?? .missing(reason) }

    /// The figure made from this one; a reason stays what it is.
    func map<Other>(_ transform: (Value) -> Figure<Other>) -> Figure<Other> {
        switch self {
        case .value(let value): transform(value)
        case .missing(let reason): .missing(reason)
        }
    }
}

/// Why a figure is null. The raw values stand in answers.
public enum MissingReason: String, Sendable, Hashable, CaseIterable {
    /// No selected offer has a place that counts for distance (DOMAIN 6.4).
    case noUsableOffer = "no_usable_offer"
    /// Nobody lives in the area, as far as the cells know.
    case noPopulation = "no_population"
    /// Neither population cells nor register populations are loaded.
    case populationNotLoaded = "population_not_loaded"
    /// The register population of the area, or of a part of it, is not stated.
    case registerPopulationNotStated = "register_population_not_stated"
    /// No actor of the three sectors is located here.
    case noActor = "no_actor"
    /// There is no step before the first one of a series.
    case firstStep = "first_step"
    /// The radius is too large for discs to be drawn.
    case radiusTooLargeToDraw = "radius_too_large_to_draw"
    /// The area of the outline is not stated.
    case areaNotStated = "area_not_stated"
    /// The land use of the area, or of a part of it, is not loaded or states no settlement, farm- or woodland.
    case landUseNotStated = "land_use_not_stated"
    /// The residential buildings of the area, or of a part of it, are not loaded.
    case buildingsNotStated = "buildings_not_stated"
    /// Fewer than five large cities are loaded.
    case citiesNotLoaded = "cities_not_loaded"
    /// There is no calibration, and too few areas to make one (or all alike).
    case noCalibration = "no_calibration"
    /// The mean is 0, so that nothing can be said in relation to it: all people are at an offer.
    case meanIsZero = "mean_is_zero"
}
