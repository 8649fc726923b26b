import NetworkModel

/// Tells columns that hold ways to reach persons, by their names and by what stands in them.
enum ContactColumns {
    /// What a column seems to hold.
    enum Suspicion: String, Sendable {
        case email = "e-mail addresses"
        case telephone = "telephone or fax numbers"
        case person = "names of persons"
    }

    private static let emailWords: Set<String> = ["email", "mail", "emailadresse", "emailaddress", "mailadresse"]
    private static let telephoneWords: Set<String> = [
        "telefon", "telefonnummer", "tel", "fon", "telefax", "fax", "faxnummer", "mobiltelefon", "handy",
        "handynummer", "phone", "telephone", "phonenumber", "cellphone", "rufnummer",
    ]
    private static let personWords: Set<String> = [
        "ansprechpartner", "ansprechpartnerin", "ansprechperson", "kontaktperson", "vorname", "nachname",
        "familienname", "zuname", "inhaber", "inhaberin", "leiter", "leiterin", "schulleiter", "schulleiterin",
        "schulleitung", "bearbeiter", "bearbeiterin", "firstname", "lastname", "surname", "givenname", "forename",
        "contactperson", "contactname", "personname", "geburtsdatum", "birthdate", "dateofbirth", "birthday",
    ]

    /// What a column's name says: it is taken apart at everything that is no letter, and read as a whole.
    static func suspicion(name: String) -> Suspicion? {
        let lowered = name.lowercased().replacing("e-mail", with: "email")
        let words = lowered.split(whereSeparator: { !$0.isLetter }).map(String.init)
        let candidates = words + [words.joined()] + zip(words, words.dropFirst()).map { $0 + $1 }
        if candidates.contains(where: emailWords.contains) { return .email }
        if candidates.contains(where: telephoneWords.contains) { return .telephone }
        if candidates.contains(where: personWords.contains) { return .person }
        return nil
    }

    /// What a sample of a column's values says: at least half of them must look alike.
    static func suspicion(values: [String]) -> Suspicion? {
        guard values.count >= 2 else { return nil }
        let half = (values.count + 1) / 2
        if values.count(where: { emailRange(Array($0.utf8)) != nil }) >= half { return .email }
        if values.count(where: isTelephone) >= half { return .telephone }
        if values.count(where: isPerson) >= half { return .person }
        return nil
    }

    /// Where an e-mail address stands in a text, or nil.
    static func emailRange(_ text: [UInt8]) -> Range<Int>? {
        for at in text.indices where text[at] == UInt8(ascii: "@") {
            var low = at
            while low > 0, isLocal(text[low - 1]) { low -= 1 }
            var high = at + 1
            var lastDot: Int?
            while high < text.count, isDomain(text[high]) {
                if text[high] == UInt8(ascii: ".") { lastDot = high }
                high += 1
            }
            while high > at + 1, text[high - 1] == UInt8(ascii: ".") || text[high - 1] == UInt8(ascii: "-") {
                high -= 1
            }
            if low < at, let lastDot, lastDot > at + 1, high > at + 3,
                text[(at + 1)..<(high - 1)].contains(UInt8(ascii: "."))
            {
                return low..<high
            }
        }
        return nil
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        isDomain(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "%")
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "-")
    }

    /// A German or international number with its area code: a leading 0 or +, a separator, at least seven digits.
    private static func isTelephone(_ text: String) -> Bool {
        let digits = text.utf8.count { (0x30...0x39).contains($0) }
        guard digits >= 7, digits <= 16, let first = text.utf8.first(where: { $0 != 0x28 && $0 != 0x20 }) else {
            return false
        }
        let hasSeparator = text.contains(where: { " /-()".contains($0) })
        let onlyNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) || " +/-().".utf8.contains($0) }
        return onlyNumber && (first == UInt8(ascii: "+") || (first == UInt8(ascii: "0") && hasSeparator))
            && !isDate(text)
    }

    /// Dates as people write them: `2018-06-29`, `29/06/2018`, `29-06-2018`.
    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(whereSeparator: { "/-".contains($0) })
        return ReducedDate(text) != nil || (parts.count == 3 && parts[0].count <= 2 && parts[1].count <= 2)
    }

    private static func isPerson(_ text: String) -> Bool {
        ["Herr ", "Herrn ", "Frau ", "Mr ", "Mr. ", "Mrs ", "Mrs. ", "Ms ", "Ms. "].contains { text.hasPrefix($0) }
    }
}
