/// A text in the languages of the API: German, which leads, and English.
struct Localized: Sendable, Hashable {
    let de: String
    let en: String

    /// The languages, the leading one first.
    static let languages = ["de", "en"]

    /// The text in a language; German where there is no such.
    subscript(language: String) -> String { language == "en" ? en : de }

    /// Both, by language.
    var json: JSON { ["de": .string(de), "en": .string(en)] }
}
