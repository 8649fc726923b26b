/// A way into the map: a question that people come with, such as *who gives advice?*. `Tiles/pages/ways.json` lists them
/// for page and script.
struct WayIn: Sendable, Hashable {
    /// The value of the page's parameter `view`.
    let id: String
    /// The categories of the offers that it shows; empty where it does not choose by category.
    let categories: [String]

    /// Reads an element of the file; nil where it has no id.
    init?(_ json: JSON) {
        guard let id = json["id"]?.text else { return nil }
        self.id = id
        categories = (json["categories"]?.elements ?? []).compactMap(\.text)
    }
}
