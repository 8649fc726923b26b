/// HTML written piece by piece, every text escaped.
struct HTMLText: Sendable {
    /// What has been written.
    private(set) var text = ""

    /// Nothing yet.
    init() {}

    /// A text alone.
    init(_ value: String) { write(value) }

    /// Escapes a text for element content and quoted attributes.
    ///
    /// Works on scalars: a mark combined with `<` or `"` makes one character with it, and must not hide it.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text with a zero-width space between markup characters and marks that combine with them.
    ///
    /// Mustache escapes by characters and would pass `<` with a combining mark; parted, it sees the `<`.
    static func separatingMarks(_ text: String) -> String {
        guard text.contains(where: { $0.unicodeScalars.count > 1 }) else { return text }
        var result = ""
        for character in text {
            guard character.unicodeScalars.count > 1, let first = character.unicodeScalars.first,
                "<>&\"'".unicodeScalars.contains(first)
            else {
                result.append(character)
                continue
            }
            result.unicodeScalars.append(first)
            result += "\u{200b}"
            result.unicodeScalars.append(contentsOf: character.unicodeScalars.dropFirst())
        }
        return result
    }

    /// Writes markup of this program.
    mutating func markup(_ markup: StaticString) { text += "\(markup)" }

    /// Writes a text.
    mutating func write(_ value: String) { text += Self.escape(value) }

    /// Opens a span, in another language than the page's where one is given.
    mutating func open(language: String?) {
        if let language {
            text += "<span lang=\"\(Self.escape(language))\" dir=\"auto\">"
        } else {
            text += "<span>"
        }
    }

    /// Writes a link by which an organisation is called or written to.
    mutating func contact(_ href: String, _ title: String) {
        guard href.hasPrefix("tel:") || href.hasPrefix("mailto:") else { return write(title) }
        text += "<a href=\"\(Self.escape(href))\"><bdi>\(Self.escape(title))</bdi></a>"
    }

    /// Writes a number of this program's making, such as one of a drawing.
    mutating func number(_ value: Double) {
        // One decimal: a tenth of a pixel is more than an eye sees.
        let tenths = Int((value * 10).rounded())
        text += tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// Appends what another has written.
    mutating func append(_ other: HTMLText) { text += other.text }

    /// Writes a link; a URL of another scheme than http and https is shown, not linked.
    mutating func link(
        _ href: String, _ title: String, rel: String? = nil, type: String? = nil, class style: StaticString? = nil
    ) {
        guard ["https://", "http://", "/", "#", "./", "../"].contains(where: href.hasPrefix) else {
            write(title)
            return
        }
        text += "<a href=\"\(Self.escape(href))\""
        if let style { text += " class=\"\(style)\"" }
        if let rel { text += " rel=\"\(Self.escape(rel))\"" }
        if let type { text += " type=\"\(Self.escape(type))\"" }
        text += ">\(Self.escape(title))</a>"
    }

    /// Writes a document as nested lists: every value visible, every link a link.
    mutating func write(_ json: JSON) {
        switch json {
        case .null: markup("<span class=\"none\">–</span>")
        case .bool(let value): write(value ? "true" : "false")
        case .integer(let value): write(value.description)
        case .real(let value): write(value.description)
        case .literal(let spelling): write(spelling)
        case .string(let value): if value.isURL { link(value, value) } else { write(value) }
        case .array(let elements):
            guard !elements.isEmpty else { return markup("<span class=\"none\">–</span>") }
            markup("<ul>")
            for element in elements {
                markup("<li>")
                write(element)
                markup("</li>")
            }
            markup("</ul>")
        case .object(let members):
            if let href = json["href"]?.text {
                guard json["templated"] == nil else { return write("\(json["title"]?.text ?? ""): \(href)") }
                link(href, json["title"]?.text ?? href, rel: json["rel"]?.text, type: json["type"]?.text)
                write(" (\(json["rel"]?.text ?? ""), \(json["type"]?.text ?? ""))")
                return
            }
            guard !members.isEmpty else { return markup("<span class=\"none\">–</span>") }
            markup("<dl>")
            for (name, value) in members {
                markup("<dt>")
                write(name)
                markup("</dt><dd>")
                write(value)
                markup("</dd>")
            }
            markup("</dl>")
        }
    }

    /// Writes a value of a record.
    mutating func write(_ value: FieldValueText) {
        switch value {
        case .none: markup("<span class=\"none\">–</span>")
        case .text(let text): if text.isURL { link(text, text) } else { write(text) }
        }
    }
}

/// A value of a record as a page shows it.
enum FieldValueText {
    case none
    case text(String)
}

extension String {
    /// Whether a text is a web address and nothing else.
    fileprivate var isURL: Bool { (hasPrefix("https://") || hasPrefix("http://")) && !contains(where: \.isWhitespace) }
}
