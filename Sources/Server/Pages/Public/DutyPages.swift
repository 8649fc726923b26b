import NetworkModel

/// What operators state in their packs about themselves (`duties` of `region.yaml`): free texts in German, and two
/// addresses. What they do not state is not made up.
struct DutyTexts: Sendable {
    private let regions: Table

    init(_ regions: Table) { self.regions = regions }

    /// The texts of a duty, one for each region that states one.
    func texts(_ duty: PublicPage.Duty) -> [String] { all("\(duty.rawValue)_text") }

    /// Who enforces accessibility where the operator does not answer.
    var enforcement: [String] { all("enforcement_text") }

    /// Where people write to: an address of the web or of mail.
    var feedback: String? { all("feedback_url").first(where: Self.isAddress) }

    /// Where a change of a record is reported, or nil where its region names no such place.
    ///
    /// - Parameters:
    ///   - region: the record's region; what belongs to no one state is reported where any is.
    ///   - id: the record's identifier, for `{id}` in the address.
    ///   - url: the page of the record, for `{url}`.
    func report(_ region: String?, id: String, url: String) -> String? {
        let addresses = regions.text("report_url")
        let own = (0..<regions.count).first { regions.identifiers[$0] == region }.flatMap { addresses[$0] }
        guard let pattern = own ?? all("report_url").first, Self.isAddress(pattern) else { return nil }
        return pattern.replacing("{id}", with: PercentCoding.encode(id))
            .replacing("{url}", with: PercentCoding.encode(url))
    }

    private func all(_ field: String) -> [String] {
        let column = regions.text(field)
        guard column.count == regions.count else { return [] }
        var result: [String] = []
        for row in 0..<regions.count {
            if let text = column[row], !text.isEmpty, !result.contains(text) { result.append(text) }
        }
        return result
    }

    /// Whether a link may lead there: an operator's slip must not become a script.
    private static func isAddress(_ text: String) -> Bool {
        ["https://", "http://", "mailto:"].contains { text.hasPrefix($0) }
    }
}

extension PageRenderer {
    /// A page that the law asks for: what the operator states, and what is true of the program itself.
    func duty(_ duty: PublicPage.Duty, _ frame: PageFrame) -> [UInt8] {
        let duties = frame.duties
        let texts = duties.texts(duty)
        var context = frame.context(title: frame.texts.text("nav_\(duty.rawValue)"))
        context["texts"] = texts.map { Self.paragraphs($0) }
        context["is_stated"] = !texts.isEmpty
        context["is_privacy"] = duty == .privacy
        if let baseMap {
            context["base_map"] = frame.texts.text("privacy_base_map", ["host": baseMap.origin.host])
        }
        context["is_accessibility"] = duty == .accessibility
        context["enforcement"] = duties.enforcement.map { Self.paragraphs($0) }
        context["has_enforcement"] = !duties.enforcement.isEmpty
        context["has_feedback"] = duties.feedback != nil
        return render("duty", context)
    }

    /// A text in paragraphs, parted by empty lines; lines within one stay lines, addresses of the web become links.
    private static func paragraphs(_ text: String) -> String {
        var html = HTMLText()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(\.trimmed)
        for paragraph in lines.split(whereSeparator: \.isEmpty) {
            html.markup("<p>")
            for (position, line) in paragraph.enumerated() {
                if position > 0 { html.markup("<br>") }
                for (number, word) in line.split(separator: " ").enumerated() {
                    if number > 0 { html.write(" ") }
                    let isAddress = word.hasPrefix("https://") || word.hasPrefix("http://")
                    if isAddress { html.link(String(word), String(word)) } else { html.write(String(word)) }
                }
            }
            html.markup("</p>")
        }
        return html.text
    }
}
