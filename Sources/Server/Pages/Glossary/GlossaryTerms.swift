import NetworkModel

/// The glossary as a dictionary of word sequences, so that its terms are found in running text.
///
/// German bends its words: a word matches where it is the same without a common ending ("Interkulturellen Öffnung").
/// Abbreviations match as they are written. A term may have several names: "KI (Kommunales Integrationszentrum)".
struct GlossaryTerms: Sendable {
    /// One term.
    struct Term: Sendable {
        /// As the glossary writes it.
        let name: String
        /// What stands behind `#` in the address of its explanation.
        let anchor: String
        /// Its row in the glossary.
        let row: Int
    }

    /// The terms in the order of the alphabet.
    let terms: [Term]
    /// The sequences of words that stand for a term, by their first word; longer sequences first.
    private let sequences: [String: [(words: [String], term: Int)]]

    /// Reads the glossary. - Complexity: O(n log n) in its terms
    init(_ glossary: Table) {
        let names = glossary.text("term")
        var anchors: [String: Int] = [:]
        var terms: [Term] = []
        for row in 0..<glossary.count {
            guard let name = names[row] else { continue }
            let anchor = Self.anchor(name)
            let uses = anchors[anchor, default: 0] + 1
            anchors[anchor] = uses
            terms.append(Term(name: name, anchor: uses == 1 ? anchor : "\(anchor)-\(uses)", row: row))
        }
        terms.sort { (Self.sortKey($0.name), $0.row) < (Self.sortKey($1.name), $1.row) }
        var sequences: [String: [(words: [String], term: Int)]] = [:]
        for (position, term) in terms.enumerated() {
            for name in Self.names(of: term.name) {
                let words = Self.words(in: name[...]).map { Self.stem(name[$0]) }
                guard let first = words.first else { continue }
                sequences[first, default: []].append((words, position))
            }
        }
        self.terms = terms
        self.sequences = sequences.mapValues { $0.sorted { $0.words.count > $1.words.count } }
    }

    /// Where terms stand in a text, from its beginning, none within another. - Complexity: O(n)
    func matches(in text: String) -> [(range: Range<String.Index>, term: Term)] {
        let ranges = Self.words(in: text[...])
        let stems = ranges.map { Self.stem(text[$0]) }
        var result: [(range: Range<String.Index>, term: Term)] = []
        var position = 0
        while position < stems.count {
            let found = sequences[stems[position]]?.first { stems[position...].starts(with: $0.words) }
            guard let found else {
                position += 1
                continue
            }
            let last = position + found.words.count - 1
            result.append((ranges[position].lowerBound..<ranges[last].upperBound, terms[found.term]))
            position = last + 1
        }
        return result
    }

    /// The names that a term goes by: what stands before and in its brackets.
    private static func names(of term: String) -> [String] {
        guard let open = term.firstIndex(of: "("), term.last == ")" else { return [term] }
        let inner = term[term.index(after: open)...].dropLast()
        return [String(term[..<open]), String(inner)].filter { !$0.isEmpty }
    }

    /// The words of a text: letters and digits, with the star of "Lots*innen".
    private static func words(in text: Substring) -> [Range<String.Index>] {
        var result: [Range<String.Index>] = []
        var start: String.Index?
        for index in text.indices {
            let isPart = text[index].isLetter || text[index].isNumber || text[index] == "*"
            if isPart, start == nil { start = index }
            if !isPart, let begin = start {
                result.append(begin..<index)
                start = nil
            }
        }
        if let begin = start { result.append(begin..<text.endIndex) }
        return result
    }

    /// A word without its ending; an abbreviation as it is.
    private static func stem(_ word: Substring) -> String {
        if word.count <= 5, word.allSatisfy({ $0.isUppercase || $0.isNumber }) { return String(word) }
        let lower = word.lowercased()
        for ending in ["en", "em", "er", "es", "e", "n", "s"]
        where lower.hasSuffix(ending) && lower.count - ending.count >= 4 {
            return String(lower.dropLast(ending.count))
        }
        return lower
    }

    /// A term as an address can hold it: small letters and digits, hyphens between.
    private static func anchor(_ name: String) -> String {
        var result = "term"
        var isOpen = true
        for character in folded(name) {
            if character.isASCII, character.isLetter || character.isNumber {
                if isOpen { result += "-" }
                isOpen = false
                result.append(character)
            } else {
                isOpen = true
            }
        }
        return result
    }

    /// The order of a German dictionary (DIN 5007-1): ä as a, ß as ss, no difference of case.
    static func sortKey(_ name: String) -> String { folded(name) }

    /// The letter that a term stands under.
    static func letter(of name: String) -> String {
        guard let first = folded(name).first, first.isLetter else { return "#" }
        return first.uppercased()
    }

    private static func folded(_ text: String) -> String {
        var result = ""
        for character in text.lowercased() {
            switch character {
            case "ä": result += "a"
            case "ö": result += "o"
            case "ü": result += "u"
            case "ß": result += "ss"
            default: result.append(character)
            }
        }
        return result
    }
}

/// Links the glossary's terms in the texts of one page: the first mention of each.
struct GlossaryLinks: Sendable {
    private let terms: GlossaryTerms
    private let address: String
    /// The terms that the page has mentioned, in the order of their mention.
    private(set) var mentioned: [GlossaryTerms.Term] = []

    /// - Parameters:
    ///   - terms: the glossary.
    ///   - address: the page of the glossary; empty on that page itself.
    init(_ terms: GlossaryTerms, address: String) {
        self.terms = terms
        self.address = address
    }

    /// Leaves a term out from now on: its own explanation.
    mutating func omit(_ term: GlossaryTerms.Term) { mentioned.append(term) }

    /// Notes the terms of a text that can hold no links, such as a title.
    mutating func note(_ text: String) {
        for (_, term) in terms.matches(in: text) where !isKnown(term) { mentioned.append(term) }
    }

    /// Writes a text, escaped, with links from the first mention of each term.
    mutating func write(_ text: String, into html: inout HTMLText) {
        var rest = text.startIndex
        for (range, term) in terms.matches(in: text) where !isKnown(term) {
            mentioned.append(term)
            html.write(String(text[rest..<range.lowerBound]))
            html.link("\(address)#\(term.anchor)", String(text[range]), class: "term")
            rest = range.upperBound
        }
        html.write(String(text[rest...]))
    }

    private func isKnown(_ term: GlossaryTerms.Term) -> Bool { mentioned.contains { $0.row == term.row } }
}

extension PageFrame {
    /// Links to the glossary for one page.
    func glossaryLinks() -> GlossaryLinks {
        GlossaryLinks(GlossaryTerms(snapshot.glossary), address: href(.glossary))
    }

    /// The terms that a page mentions, with their explanations where it has them.
    func explained(_ terms: [GlossaryTerms.Term]) -> [[String: any Sendable]] {
        terms.map { term in
            let explanation = explanation(of: term)
            return [
                "name": HTMLText.separatingMarks(term.name), "href": "\(href(.glossary))#\(term.anchor)",
                "explanation": HTMLText.separatingMarks(explanation?.text ?? ""),
                "foreign": PageRenderer.foreign(explanation?.language, on: texts.tag),
            ]
        }
    }

    /// The explanation of a term: in the page's language, else in German; and which it is in.
    func explanation(of term: GlossaryTerms.Term) -> (text: String, language: String)? {
        let record = RecordFacts(table: snapshot.glossary, row: term.row)
        for tag in [String(texts.tag.prefix { $0 != "-" }), "de"] {
            if let text = record.text("explanation_\(tag)") { return (text, tag) }
        }
        return nil
    }
}

extension PageRenderer {
    /// The glossary from A to Z, terms linked in the explanations of others.
    func glossary(_ frame: PageFrame) -> [UInt8] {
        let glossary = GlossaryTerms(frame.snapshot.glossary)
        var letters: [(letter: String, terms: [[String: any Sendable]])] = []
        for term in glossary.terms {
            let letter = GlossaryTerms.letter(of: term.name)
            if letters.last?.letter != letter { letters.append((letter, [])) }
            letters[letters.count - 1].terms.append(entry(term, of: glossary, frame))
        }
        var context = frame.context(
            title: frame.texts.text("nav_glossary"), description: frame.texts.text("glossary_intro"))
        context["is_empty"] = glossary.terms.isEmpty
        context["letters"] = letters.map { letter, terms -> [String: any Sendable] in
            ["letter": letter, "terms": terms]
        }
        return render("glossary", context)
    }

    private func entry(
        _ term: GlossaryTerms.Term, of glossary: GlossaryTerms, _ frame: PageFrame
    ) -> [String: any Sendable] {
        let record = RecordFacts(table: frame.snapshot.glossary, row: term.row)
        let explanation = frame.explanation(of: term)
        var links = GlossaryLinks(glossary, address: "")
        links.omit(term)
        var html = HTMLText()
        if explanation?.language == "de" {
            links.write(explanation?.text ?? "", into: &html)
        } else {
            html.write(explanation?.text ?? "")
        }
        let foreign = PageRenderer.foreign(explanation?.language, on: frame.texts.tag)
        return [
            "name": HTMLText.separatingMarks(term.name), "anchor": term.anchor, "explanation": html.text,
            "is_german_name": !frame.texts.tag.hasPrefix("de"), "foreign": foreign, "is_foreign": !foreign.isEmpty,
            "source": record.text("source_title").map {
                [
                    HTMLText.separatingMarks(
                        [$0, record.integer("source_year")?.description].compactMap(\.self).joined(separator: ", "))
                ]
            } ?? [String](),
        ]
    }
}
