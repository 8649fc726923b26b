/// Official keys of areas (Amtlicher Gemeindeschlüssel): 2 digits for a state, 5 for a district, 8 for a municipality.
enum OfficialKey {
    /// What a text means as a key.
    enum Outcome: Equatable {
        case valid
        case repaired(String, reason: String)
        case invalid(reason: String)
    }

    /// The kinds of area a field's keys may name.
    struct Levels: OptionSet {
        let rawValue: Int
        static let state = Levels(rawValue: 1)
        static let district = Levels(rawValue: 2)
        static let municipality = Levels(rawValue: 4)
        /// All of Germany, written `DE`.
        static let country = Levels(rawValue: 8)
    }

    /// Judges a key. Lost leading zeros are put back, and longer official spellings cut down, where only one key
    /// of the wanted levels can be meant.
    static func read(_ text: String, levels: Levels) -> Outcome {
        if levels.contains(.country), text == "DE" { return .valid }
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { $0 &- 0x30 < 10 }
        guard isNumber else {
            return .invalid(reason: "an official key has digits only, \(expected(levels))")
        }
        let zeroLost = "the leading zero was lost and has been put back"
        switch text.utf8.count {
        case 2 where levels.contains(.state), 5 where levels.contains(.district),
            8 where levels.contains(.municipality):
            return .valid
        case 1 where levels.contains(.state): return .repaired("0" + text, reason: zeroLost)
        case 4 where levels.contains(.district): return .repaired("0" + text, reason: zeroLost)
        case 7 where levels.contains(.municipality): return .repaired("0" + text, reason: zeroLost)
        case 7 where levels.contains(.district) && text.hasSuffix("000"):
            return .repaired(
                "0\(text.prefix(4))", reason: "\(zeroLost), and the key of 8 digits cut to the district's 5")
        case 8 where levels.contains(.district) && text.hasSuffix("000"):
            return .repaired(String(text.prefix(5)), reason: "the key of 8 digits was cut to the district's 5")
        case 12 where levels.contains(.municipality):
            return .repaired(
                "\(text.prefix(5))\(text.suffix(3))",
                reason: "the regional key (ARS) was cut to the municipality's 8 digits")
        case 11 where levels.contains(.municipality):
            return .repaired(
                "0\(text.prefix(4))\(text.suffix(3))",
                reason: "\(zeroLost), and the regional key (ARS) cut to the municipality's 8 digits")
        case 12 where levels.contains(.district) && text.hasSuffix("0000000"):
            return .repaired(
                String(text.prefix(5)), reason: "the regional key (ARS) was cut to the district's 5 digits")
        default:
            return .invalid(reason: "the key has \(text.utf8.count) digits; expected \(expected(levels))")
        }
    }

    private static func expected(_ levels: Levels) -> String {
        var names: [String] = []
        if levels.contains(.country) { names.append("DE for the country") }
        if levels.contains(.state) { names.append("2 for a state") }
        if levels.contains(.district) { names.append("5 for a district") }
        if levels.contains(.municipality) { names.append("8 for a municipality") }
        return names.joined(separator: ", ")
    }

    /// Judges a German postcode. Foreign ones are not told from wrong ones: both are kept and noted.
    static func postcode(_ text: String) -> Outcome {
        let digits = text.utf8.allSatisfy { $0 &- 0x30 < 10 }
        if digits, text.utf8.count == 5 { return .valid }
        if digits, text.utf8.count == 4 {
            return .repaired("0" + text, reason: "the postcode's leading zero was lost and has been put back")
        }
        for prefix in ["D-", "D ", "DE-", "d-"] where text.hasPrefix(prefix) {
            let rest = text.dropFirst(prefix.count)
            if rest.utf8.count == 5, rest.utf8.allSatisfy({ $0 &- 0x30 < 10 }) {
                return .repaired(String(rest), reason: "the country's sign in front of the postcode was cut")
            }
        }
        return .invalid(reason: "not a German postcode of 5 digits")
    }
}
