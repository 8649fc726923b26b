public import NetworkModel

/// Why an analysis cannot be made.
public enum AnalysisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A position is not on the globe, or one of its ordinates is not a number.
    case invalidPosition(longitude: Double, latitude: Double)
    /// A number of results outside of what one question may ask for.
    case invalidCount(Int, allowed: ClosedRange<Int>)
    /// A radius that is not a number, negative, or longer than the way around half the globe.
    case invalidRadius(Double, allowed: ClosedRange<Double>)
    /// A catchment that is not a number, negative, or longer than catchments are.
    case invalidCatchment(Double, allowed: ClosedRange<Double>)
    /// The bands of a catchment do not fit together.
    case invalidBands(BandFault)
    /// A supply of an offer that is not a number, negative or endless.
    case invalidSupply(Double, allowed: ClosedRange<Double>)
    /// A number of further stops outside of what one question may ask for.
    case invalidStops(Int, allowed: ClosedRange<Int>)
    /// There are fewer candidates than further stops.
    case tooFewCandidates(Int, stops: Int)
    /// More candidates, or pairs of a candidate and a demand point, than can be weighed up.
    case tooManyCandidates(Int, allowed: ClosedRange<Int>)
    /// A candidate is not on the globe.
    case invalidCandidate(key: String, longitude: Double, latitude: Double)
    /// A method of siting that there is not.
    case unknownMethod(String, known: [String])
    /// The cells hold more people than there can be, so that sums could not be kept exact.
    case implausiblePopulation(cell: String)
    /// The outlines of the areas cannot be used for overlays; the text says why.
    case outlines(String)
    /// A series of more steps than one question may ask for.
    case tooManySteps(Int, most: Int)
    /// A day was asked for together with a series, which has its own days.
    case dateOfSeries
    /// The filter of the offers is at fault.
    case filter(FilterError)
    /// The task in which the analysis ran was cancelled.
    case cancelled

    /// What is wrong with the bands of a catchment.
    public enum BandFault: Sendable, Hashable {
        /// Too many, or none.
        case count(Int, allowed: ClosedRange<Int>)
        /// They do not ascend by radius.
        case order
        /// A weight that is none of `CatchmentBands.allowedWeights`.
        case weight(Double)
    }

    /// The parameter at fault as DESIGN names it, or nil where it is none of the parameters.
    public var parameter: String? {
        switch self {
        case .invalidPosition: "lon,lat"
        case .invalidCount: "k"
        case .invalidRadius: "radius"
        case .invalidCatchment: "catchment"
        case .invalidBands: "bands"
        case .invalidSupply: "supply"
        case .invalidStops: "stops"
        case .tooFewCandidates, .tooManyCandidates, .invalidCandidate: "candidates"
        case .unknownMethod: "method"
        case .filter(let error): error.parameter
        case .tooManySteps: "series"
        case .dateOfSeries: "date"
        case .implausiblePopulation, .outlines, .cancelled: nil
        }
    }

    /// What is wrong and what would be right, for people.
    public var description: String {
        switch self {
        case .invalidPosition(let longitude, let latitude):
            "no position on the globe: longitude \(longitude), latitude \(latitude);"
                + " expected degrees, longitude -180 to 180, latitude -90 to 90"
        case .invalidCount(let count, let allowed):
            "cannot give \(count) results; expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .invalidRadius(let radius, let allowed):
            "a radius of \(radius) m cannot be used; expected \(allowed.lowerBound) to \(allowed.upperBound) metres"
        case .invalidCatchment(let catchment, let allowed):
            "a catchment of \(catchment) m cannot be used; expected \(allowed.lowerBound) to \(allowed.upperBound) metres"
        case .invalidBands(.count(let count, let allowed)):
            "\(count) bands cannot be used; expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .invalidBands(.order): "the radii of the bands must ascend"
        case .invalidBands(.weight(let weight)):
            "a band cannot weigh \(weight); expected \(CatchmentBands.allowedWeights.lowerBound) to "
                + "\(CatchmentBands.allowedWeights.upperBound)"
        case .invalidSupply(let supply, let allowed):
            "an offer cannot supply \(supply); expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .invalidStops(let stops, let allowed):
            "cannot place \(stops) further stops; expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .tooFewCandidates(let candidates, let stops):
            "\(stops) further stops need as many candidates or more, there are \(candidates)"
        case .tooManyCandidates(let count, let allowed):
            "\(count) candidates cannot be weighed up; expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .invalidCandidate(let key, let longitude, let latitude):
            "candidate '\(key)' is not on the globe: longitude \(longitude), latitude \(latitude)"
        case .unknownMethod(let method, let known):
            "there is no method '\(method)'; expected one of \(known.joined(separator: ", "))"
        case .implausiblePopulation(let cell):
            "with cell \(cell) the population exceeds \(Demand.mostPeople) people; correct its field 'people'"
        case .outlines(let reason): "the outlines of the areas cannot be used: \(reason)"
        case .tooManySteps(let count, let most):
            "the offers begin and end on \(count) days; a series has at most \(most): choose fewer offers"
        case .dateOfSeries:
            "parameter 'date' cannot be given together with 'series', which is made for every day on which offers begin or end"
        case .filter(let error): error.description
        case .cancelled: "the analysis was cancelled"
        }
    }
}
