/// A link of a document (RFC 8288) with its media type and names.
struct Link: Sendable {
    let href: String
    let rel: String
    let type: String
    let title: Localized
    /// Whether the address is a template (RFC 6570): nothing to follow as it stands.
    var isTemplated = false

    /// The link as it stands in a member `links`, its title in one language.
    func json(_ language: String) -> JSON {
        let link: JSON = [
            "href": .string(href), "rel": .string(rel), "type": .string(type), "title": .string(title[language]),
            "hreflang": .string(language),
        ]
        return isTemplated ? link.setting("templated", to: .bool(true)) : link
    }
}

extension [Link] {
    /// The member `links`.
    func json(_ language: String) -> JSON { .array(map { $0.json(language) }) }
}
