internal import NetworkModel

/// An attribute of a cluster: a point that stands for several records.
struct ClusterAttribute: Sendable {
    /// The name in tiles.
    let name: String
    /// The type as MBTiles names it.
    let type: String
    /// What it means, by language.
    let summary: Tileset.LocalizedText

    /// At most so many members are named,
    static let mostIdentifiers = 8
    /// and so many where no zoom parts them: there a client has no other way to tell them apart.
    static let mostAtOnePlace = 64

    /// How many records the cluster stands for; single ones do not state it.
    static let pointCount = ClusterAttribute(
        name: "point_count", type: "Number",
        summary: Tileset.LocalizedText(
            german: "So viele Einträge sind hier zusammengefasst (fehlt bei einzelnen) [1]",
            english: "So many records are joined here (absent from single ones) [1]"))

    /// Whether all members stand at one place.
    static let samePlace = ClusterAttribute(
        name: "same_place", type: "Boolean",
        summary: Tileset.LocalizedText(
            german: "Alle liegen an einer Stelle, keine Zoomstufe trennt sie (fehlt sonst)",
            english: "All stand at one place, no zoom parts them (absent otherwise)"))

    /// The zoom at which the members part.
    static let expansionZoom = ClusterAttribute(
        name: "expansion_zoom", type: "Number",
        summary: Tileset.LocalizedText(
            german: "Die Zoomstufe, auf der sie auseinandergehen [1]",
            english: "The zoom at which they part [1]"))

    /// The members, where they are few.
    static let identifiers = ClusterAttribute(
        name: "ids", type: "String",
        summary: Tileset.LocalizedText(
            german:
                "Ihre Kennungen, durch Kommas getrennt, bei höchstens \(mostIdentifiers), an einer Stelle \(mostAtOnePlace)",
            english: "Their identifiers, comma-separated, of at most \(mostIdentifiers), at one place \(mostAtOnePlace)"
        ))

    /// How many of the members have a code.
    static func count(of code: String) -> ClusterAttribute { count(of: code, german: code, english: code) }

    /// All attributes that a layer's clusters can have.
    static func all(of layer: Tileset.Layer, counted: [String], in vocabulary: Vocabulary) -> [ClusterAttribute] {
        guard let field = layer.clusters?.countedField else { return [] }
        let counts = counted.map { code in
            count(
                of: code, german: vocabulary.name(field, code, language: "de")?.text ?? code,
                english: vocabulary.name(field, code, language: "en")?.text ?? code)
        }
        return [pointCount] + counts + [samePlace, expansionZoom, identifiers]
    }

    private static func count(of code: String, german: String, english: String) -> ClusterAttribute {
        ClusterAttribute(
            name: "count_\(code)", type: "Number",
            summary: Tileset.LocalizedText(german: "Davon: \(german) [1]", english: "Of these: \(english) [1]"))
    }
}
