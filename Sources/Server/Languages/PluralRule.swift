/// A grammatical number that a language tells apart, by its name in CLDR and in the locale files.
enum PluralCategory: String, Sendable, CaseIterable {
    case zero, one, two, few, many, other
}

/// Which grammatical number goes with a count: CLDR's cardinal rules for whole numbers.
///
/// Foundation has no interface to them. The rules are those of CLDR 48 (`supplemental/plurals.xml`) for the languages
/// of the locale files; only whole numbers of zero and more are ever counted.
enum PluralRule: Sendable {
    /// Forms do not differ (Vietnamese).
    case invariant
    /// One, and the rest (German, English, Turkish).
    case one
    /// Zero and one, and the rest (Farsi).
    case zeroOrOne
    /// Zero and one, whole millions, and the rest (French).
    case french
    /// By the last two digits, three forms (Russian, Ukrainian).
    case eastSlavic
    /// One, then by the last two digits (Polish).
    case polish
    /// One; zero and what ends in 01 to 19; the rest (Romanian).
    case romanian
    /// Six forms (Arabic).
    case arabic

    /// The rule of a language by its tag; that of German where the language has no locale file of ours.
    init(language tag: String) {
        self =
            switch tag.prefix(while: { $0 != "-" }) {
            case "vi": .invariant
            case "fa": .zeroOrOne
            case "fr": .french
            case "ru", "uk": .eastSlavic
            case "pl": .polish
            case "ro": .romanian
            case "ar": .arabic
            default: .one
            }
    }

    /// The form that goes with a count of zero or more. - Complexity: O(1)
    func category(_ count: Int) -> PluralCategory {
        let (lastDigit, lastTwo) = (count % 10, count % 100)
        switch self {
        case .invariant: return .other
        case .one: return count == 1 ? .one : .other
        case .zeroOrOne: return count < 2 ? .one : .other
        case .french:
            if count < 2 { return .one }
            return count % 1_000_000 == 0 ? .many : .other
        case .eastSlavic:
            if lastDigit == 1, lastTwo != 11 { return .one }
            return (2...4).contains(lastDigit) && !(12...14).contains(lastTwo) ? .few : .many
        case .polish:
            if count == 1 { return .one }
            return (2...4).contains(lastDigit) && !(12...14).contains(lastTwo) ? .few : .many
        case .romanian:
            if count == 1 { return .one }
            return count == 0 || (1...19).contains(lastTwo) ? .few : .other
        case .arabic:
            switch count {
            case 0: return .zero
            case 1: return .one
            case 2: return .two
            default:
                if (3...10).contains(lastTwo) { return .few }
                return (11...99).contains(lastTwo) ? .many : .other
            }
        }
    }
}
