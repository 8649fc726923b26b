/// What may be said about an offer's being current (DOMAIN 6.3): never more than its dates and its source say.
public enum OfferStatus: Sendable, Hashable, CustomStringConvertible {
    /// An end is stated and, where a day was asked for, not passed on it.
    case dated
    /// A begin is stated, no end; the year is that of the source.
    case openEnd(reported: Int?)
    /// No date is stated; the year is that of the source.
    case undated(reported: Int?)
    /// The stated end lies before the day asked for.
    case ended

    /// Judges an offer by its dates. Without a day nothing is ever `ended`: no answer depends on a hidden clock.
    public init(validFrom: ReducedDate?, validTo: ReducedDate?, sourceYear: Int?, day: Int32? = nil) {
        if let validTo {
            self = day.map { validTo.lastDay < $0 } == true ? .ended : .dated
        } else {
            self = validFrom == nil ? .undated(reported: sourceYear) : .openEnd(reported: sourceYear)
        }
    }

    /// The name used in answers, such as `undated_reported_2018`.
    public var description: String {
        switch self {
        case .dated: "dated"
        case .ended: "ended"
        case .openEnd(let year): "open_end_reported" + (year.map { "_\($0)" } ?? "")
        case .undated(let year): "undated_reported" + (year.map { "_\($0)" } ?? "")
        }
    }
}
