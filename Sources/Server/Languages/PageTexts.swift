import Foundation
import NetworkModel

/// The texts of the public pages in one language, with its plural forms, numbers, dates and lists.
///
/// Made once from a locale file; Foundation writes numbers and dates by CLDR, as the browser does on the client's side.
/// Days are always those of the Gregorian calendar: they stand on German papers. Safe to use from any thread.
struct PageTexts: Sendable {
    /// The language tag, which is the name of the locale file.
    let tag: String
    /// All plain texts by key, and whether the file is reviewed: the `t` of the templates.
    let context: [String: any Sendable]
    private let texts: [String: String]
    private let forms: [String: [PluralCategory: String]]
    private let rule: PluralRule
    private let locale: Locale

    /// Takes a locale file.
    init(tag: String, json: JSON) {
        self.tag = tag
        rule = PluralRule(language: tag)
        locale = Locale(identifier: tag)
        var context: [String: any Sendable] = [:]
        var texts: [String: String] = [:]
        var forms: [String: [PluralCategory: String]] = [:]
        for (key, value) in json.members {
            switch value {
            case .string(let text):
                texts[key] = text
                context[key] = HTMLText.separatingMarks(text)
            case .bool(let flag): context[key] = flag
            default:
                var categories: [PluralCategory: String] = [:]
                for (name, form) in value.members {
                    if let category = PluralCategory(rawValue: name) { categories[category] = form.text }
                }
                forms[key] = categories
            }
        }
        (self.context, self.texts, self.forms) = (context, texts, forms)
    }

    /// The language's own name.
    var name: String { texts["language_name"] ?? tag }

    /// The direction of its script, as `dir` has it.
    var direction: String { texts["language_direction"] ?? "ltr" }

    /// Whether a person has gone through the texts, or they are the originals.
    var isReviewed: Bool { context["language_reviewed"] as? Bool ?? false }

    /// Whether there is a text of this name.
    func has(_ key: String) -> Bool { texts[key] != nil || forms[key] != nil }

    /// The text of a key with its placeholders filled; a missing key shows itself.
    func text(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
        Self.fill(texts[key] ?? key, values.map { ($0.key, $0.value) })
    }

    /// The text of a key in the form that goes with a count, which fills the placeholder `n`.
    func text(_ key: String, count: Int, _ values: KeyValuePairs<String, String> = [:]) -> String {
        let forms = forms[key] ?? [:]
        let pattern = forms[rule.category(count)] ?? forms[.other] ?? texts[key] ?? key
        return Self.fill(pattern, [("n", number(count))] + values.map { ($0.key, $0.value) })
    }

    /// A whole number the language's way.
    func number(_ value: Int) -> String { value.formatted(.number.locale(locale)) }

    /// A number with a fixed count of decimals the language's way; nil where it is not finite.
    func number(_ value: Double, decimals: Int) -> String? {
        guard value.isFinite else { return nil }
        return value.formatted(.number.locale(locale).precision(.fractionLength(decimals)))
    }

    /// A share (1 is the whole) in percent; nil where it is not finite.
    func percent(_ share: Double, decimals: Int = 0) -> String? {
        guard share.isFinite else { return nil }
        return share.formatted(.percent.locale(locale).precision(.fractionLength(decimals)))
    }

    /// A date as precisely as its source states it: a year, a month, or a day.
    func date(_ date: ReducedDate) -> String {
        guard let month = date.month else { return date.year.description }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(year: date.year, month: month, day: date.day ?? 1)
        guard let moment = calendar.date(from: components) else { return date.description }
        var style = Date.FormatStyle(locale: locale, calendar: calendar, timeZone: .gmt).month(.wide).year()
        if date.day != nil { style = style.day() }
        return moment.formatted(style)
    }

    /// Several things as one phrase ("a, b und c").
    func list(_ items: [String]) -> String { items.formatted(.list(type: .and).locale(locale)) }

    /// Fills `{name}` by its value; a placeholder without one stays, and what a value says is not read again.
    private static func fill(_ pattern: String, _ values: [(String, String)]) -> String {
        guard pattern.utf8.contains(UInt8(ascii: "{")) else { return pattern }
        var result = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}") else { break }
            let name = rest[rest.index(after: open)..<close]
            result += values.first { $0.0[...] == name }?.1 ?? String(rest[...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
