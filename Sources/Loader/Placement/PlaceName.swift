import NetworkModel

/// The names under which one place may be written: official ones carry suffixes, titles and rivers.
enum PlaceName {
    private static let titles = [
        "landeshauptstadt", "hansestadt", "lutherstadt", "welterbestadt", "kreisstadt", "kreisfreie stadt",
        "einheitsgemeinde",
        "verbandsgemeinde", "stadt", "gemeinde", "markt", "flecken",
    ]
    private static let separators = [
        ",", " ot ", " ortsteil ", "/", " an der ", " am ", " a. d. ", " a.d. ", " bei ", " im ", " in der ",
    ]

    /// A name's forms without regard to case, marks and ß, the fullest first.
    static func forms(_ name: String) -> [String] {
        var forms: [String] = []
        func add(_ text: some StringProtocol) {
            let form = text.split(whereSeparator: { $0 == " " || $0 == "-" }).joined(separator: " ")
            if !form.isEmpty, !forms.contains(form) { forms.append(form) }
        }
        let whole = fold(name)
        add(whole)
        // Title or suffix alone may be missing on the other side: "Halle (Saale), Stadt", "Halle (Saale)", "Halle".
        var text = whole
        for step in 0..<2 {
            if let comma = text.firstIndex(of: ",") { text = String(text[..<comma]) }
            text = withoutTitle(text)
            add(text)
            if step == 0, let open = text.firstIndex(of: "(") { text = String(text[..<open]) }
            add(text)
        }
        for separator in separators {
            if let range = text.firstRange(of: separator) { add(withoutTitle(String(text[..<range.lowerBound]))) }
        }
        return forms
    }

    private static func withoutTitle(_ text: String) -> String {
        for title in titles where text.hasPrefix(title + " ") { return String(text.dropFirst(title.count + 1)) }
        return text
    }

    private static func fold(_ name: String) -> String {
        String(decoding: FoldedText.fold(name), as: UTF8.self)
    }
}
