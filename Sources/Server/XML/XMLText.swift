/// XML 1.0 written piece by piece, every text escaped.
struct XMLText {
    private var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    /// The document as UTF-8.
    var bytes: [UInt8] { Array(text.utf8) }

    /// Opens an element.
    mutating func open(_ name: StaticString, _ attributes: [(StaticString, String)] = []) {
        begin(name, attributes)
        text += ">\n"
    }

    /// Closes an element.
    mutating func close(_ name: StaticString) { text += "</\(name)>\n" }

    /// Writes an element that holds a text, or nothing.
    mutating func element(_ name: StaticString, _ content: String, _ attributes: [(StaticString, String)] = []) {
        begin(name, attributes)
        text += content.isEmpty ? "/>\n" : ">\(Self.escape(content))</\(name)>\n"
    }

    private mutating func begin(_ name: StaticString, _ attributes: [(StaticString, String)]) {
        text += "<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(Self.escape(value))\"" }
    }

    /// The text escaped; characters that XML 1.0 cannot express are blanks.
    private static func escape(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isAllowed(scalar) ? scalar : " ") }
        return HTMLText.escape(String(result))
    }

    /// The production Char of XML 1.0, without the line breaks that attributes would lose.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0xfffe && scalar.value != 0xffff
    }
}
