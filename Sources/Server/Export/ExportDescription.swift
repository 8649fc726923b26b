import NetworkModel
import Store

/// What a file says of the collection in it: for the inside of a GeoPackage and for the README beside several files.
struct ExportDescription: Sendable {
    let collection: FeatureCollection
    let fields: [Field]
    /// The version of the content.
    let version: String
    private let snapshot: Snapshot

    /// Takes a collection.
    init(_ collection: FeatureCollection, fields: [Field], in snapshot: Snapshot) {
        self.collection = collection
        self.fields = fields
        self.snapshot = snapshot
        version = collection.version ?? snapshot.dataVersion.description
    }

    /// Definitions, sources with licences, attribution: German, then English.
    var text: String {
        var lines = [
            collection.title.de == collection.title.en
                ? collection.title.de : "\(collection.title.de) / \(collection.title.en)", "",
        ]
        for text in [collection.description.de, collection.description.en] where !text.isEmpty {
            if lines.last != text { lines.append(text) }
        }
        lines += ["", "Datenversion / data version: \(version)"]
        if let definition = collection.question?.definition {
            lines += [
                "", "Definition \(definition.name) \(definition.version)", definition.text.de, "", definition.text.en,
            ]
        }
        if !collection.isLayer {
            lines += ["", "Quellenvermerk / attribution: \(snapshot.attribution)", "", "Quellen / sources:"]
            lines += snapshot.sourceLines
        }
        lines += ["", "Felder / fields:"]
        lines += fields.map { field in
            let title = field.titleDE == field.titleEN ? field.titleDE : "\(field.titleDE) / \(field.titleEN)"
            let unit = field.unit.map { " [\($0)]" } ?? ""
            return field.name == title ? "- \(field.name)" : "- \(field.name): \(title)\(unit)"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a GeoPackage says of itself.
    var file: FeatureFileWriter.Description {
        let name = collection.id.unicodeScalars.map { scalar -> Character in
            let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value))
            return isKept ? Character(scalar) : "_"
        }
        return FeatureFileWriter.Description(
            table: String(name), title: collection.title.de, description: collection.description.de, metadata: text,
            day: snapshot.asOf.flatMap { ReducedDate(packed: $0.lastDay)?.description } ?? "1970-01-01")
    }
}

extension Snapshot {
    /// The documents and data sets that records cite, a line each, with licence and attribution.
    fileprivate var sourceLines: [String] {
        (0..<sources.count).map { row in
            var parts: [String] = []
            for name in ["title", "publisher", "year", "licence", "attribution", "url"] {
                let text: String
                switch sources[field: name]?[row] {
                case .text(let stated)?: text = stated
                case .integer(let number)?: text = number.description
                default: continue
                }
                if !parts.contains(text) { parts.append(text) }
            }
            return "- " + parts.joined(separator: ", ")
        }
    }
}
