/// A link of a document (RFC 8288) with its media type and names.
struct Link: Sendable {
    let href: String
    let rel: String
    let type: String
    let title: Localized

    /// The link as it stands in a member `links`, its title in one language.
    func json(_ language: String) -> JSON {
        [
            "href": .string(href), "rel": .string(rel), "type": .string(type), "title": .string(title[language]),
            "hreflang": .string(language),
        ]
    }
}

extension [Link] {
    /// The member `links`.
    func json(_ language: String) -> JSON { .array(map { $0.json(language) }) }
}
