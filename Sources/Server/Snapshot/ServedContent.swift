import Geometry
import NetworkModel
import Store
import Synchronization

/// What is served: the project's snapshot and the layers of other GeoPackages beside it.
struct ServedContent: Sendable {
    let snapshot: Snapshot
    /// By identifiers that differ from each other and from those of the project's collections.
    var layers: [ServedLayer] = []
    /// Whether there is a project; without one its collections are left out.
    var hasProject = true
}

/// A layer of another GeoPackage under the identifier of its collection.
struct ServedLayer: Sendable {
    /// The identifier in paths.
    let id: String
    let layer: Layer
    /// Its rows with their index.
    let table: FeatureTable
    /// When its rows are, where that is plain.
    let time: LayerTime?

    /// Takes a layer. - Complexity: O(n log n), for the index
    init(id: String, _ layer: Layer) {
        self.init(id: id, layer, FeatureTable(layer))
    }

    init(id: String, _ layer: Layer, _ table: FeatureTable) {
        self.id = id
        self.layer = layer
        self.table = table
        time = LayerTime(layer.fields)
    }
}

/// Reads other GeoPackages, each anew only when it has changed, and names their layers.
final class LayerReader: Sendable {
    private struct Known: Sendable {
        let token: ChangeToken
        let layers: [(layer: Layer, table: FeatureTable)]
    }

    private let files: [GeoPackageFile]
    private let notice: @Sendable (String) -> Void
    private let known = Mutex<[GeoPackageFile: Known]>([:])

    init(files: [GeoPackageFile], notice: @escaping @Sendable (String) -> Void) {
        self.files = files
        self.notice = notice
    }

    /// The layers of all files. Blocks.
    ///
    /// - Throws: `StoreError` naming file, table and column; `LayerNameError`.
    func layers(besideProject hasProject: Bool) throws -> [ServedLayer] {
        var read: [(layer: Layer, table: FeatureTable)] = []
        for file in files {
            // The token is taken before the data: a change in between is seen as one.
            let token = try file.changeToken()
            if let known = known.withLock({ $0[file] }), known.token == token {
                read += known.layers
                continue
            }
            let layers = try file.layers().map { ($0, FeatureTable($0)) }
            for (layer, _) in layers {
                for omission in layer.omissionTexts(\.en) {
                    notice("\(file.path), table '\(layer.name)': \(omission)")
                }
            }
            known.withLock { $0[file] = Known(token: token, layers: layers) }
            read += layers
        }
        let ids = try LayerNames.identifiers(
            of: read.map(\.layer), taken: hasProject ? LayerNames.ownCollections : [])
        return zip(ids, read).map { ServedLayer(id: $0, $1.layer, $1.table) }
    }
}

/// The identifiers of layers' collections.
enum LayerNames {
    /// The collections of every project.
    static var ownCollections: Set<String> {
        Set(
            [RecordKind.districts, .municipalities, .populationCells, .actors, .offers, .links].map(\.inputName)
                + AnalyticalQuestion.allCases.map(\.rawValue))
    }

    /// An identifier for each layer: the table's name, with everything but letters, digits, `_`, `-` and `.` made `_`;
    /// with the file's name in front where that is taken by a collection of the project or stands twice.
    ///
    /// - Throws: `LayerNameError` where that does not help.
    static func identifiers(of layers: [Layer], taken: Set<String>) throws(LayerNameError) -> [String] {
        let plain = layers.map { identifier($0.name) }
        var counts: [String: Int] = [:]
        for id in plain { counts[id, default: 0] += 1 }
        var result: [String] = []
        for (id, layer) in zip(plain, layers) {
            let isFree = !taken.contains(id) && counts[id] == 1
            let chosen = isFree ? id : "\(identifier(layer.file))_\(id)"
            guard !taken.contains(chosen), !result.contains(chosen), isFree || counts[chosen] == nil else {
                throw LayerNameError(file: layer.file, table: layer.name, identifier: chosen)
            }
            result.append(chosen)
        }
        return result
    }

    private static func identifier(_ name: String) -> String {
        let kept = name.unicodeScalars.map { scalar -> Character in
            let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value))
            return isKept || "_-.".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
        }
        let text = String(kept.prefix(100))
        // Neither nothing nor a name that stands for a folder.
        return text.allSatisfy { $0 == "." } ? "_\(text)" : text
    }
}

/// Two collections would have the same identifier.
struct LayerNameError: Error, CustomStringConvertible {
    let file: String
    let table: String
    let identifier: String

    var description: String {
        """
        \(file), table '\(table)': another collection is called '\(identifier)', too; rename the table or the file
        """
    }
}

extension Layer {
    /// What the collection holds, and what of the table is left out.
    var servedDescription: Localized {
        let text = { (language: KeyPath<Localized, String>) in
            ([description].filter { !$0.isEmpty } + omissionTexts(language)).joined(separator: " ")
        }
        return Localized(de: text(\.de), en: text(\.en))
    }

    /// What of the table is left out, a sentence each.
    func omissionTexts(_ language: KeyPath<Localized, String>) -> [String] {
        var texts: [Localized] = []
        if !omissions.columns.isEmpty {
            let names = omissions.columns.joined(separator: ", ")
            texts.append(
                Localized(de: "Ohne die binären Spalten: \(names).", en: "Without the binary columns: \(names)."))
        }
        if omissions.values > 0 {
            texts.append(
                Localized(
                    de: "Ohne \(omissions.values) binäre Werte in anderen Spalten.",
                    en: "Without \(omissions.values) binary values in other columns."))
        }
        if omissions.geometries > 0 {
            texts.append(
                Localized(
                    de: "Ohne \(omissions.geometries) Geometrien, die in Länge und Breite nicht darstellbar sind.",
                    en: "Without \(omissions.geometries) geometries that longitude and latitude cannot express."))
        }
        if omissions.hasFurtherOrdinates {
            texts.append(
                Localized(de: "Ohne Höhen und Messwerte der Geometrien.", en: "Without heights and measures."))
        }
        return texts.map { $0[keyPath: language] }
    }

    /// The type of its geometries as JSON Schema formats spell it: `point`, `linestring`; `any` where the file does not
    /// say.
    var geometryFormatName: String {
        let name = geometryType.lowercased()
        let known = ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"]
        return known.contains(name) ? name : name == "geometrycollection" ? name : "any"
    }
}
