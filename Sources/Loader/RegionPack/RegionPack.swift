public import Foundation
public import NetworkModel

/// A folder with everything about one state, described by its `region.yaml`.
public struct RegionPack: Sendable {
    /// The folder.
    public let directory: URL
    /// The region's id, which its records carry.
    public let id: String
    /// The region's name by language tag.
    public let names: [String: String]
    /// The state's code in the network's vocabulary (`ST`), or nil where the pack belongs to no one state.
    public let state: String?
    /// The state's official key (`15`), or nil.
    public let keyPrefix: String?
    /// The metric coordinate reference system for overlays (`EPSG:25832`).
    public let crs: String
    /// What the data are as of.
    public let asOf: String?
    /// Language tags, the leading one first.
    public let languages: [String]
    /// What must stand under every map.
    public let attribution: String?
    /// Who publishes the data, as the catalogue says it; nil where the pack does not say.
    public let publisher: Publisher?
    /// What the operator states about themselves, by field of the region: texts of the pages that the law asks for and
    /// addresses for feedback and changes.
    public let duties: [String: String]
    /// How many records of each name the pack's own files hold, as it promises: `districts`, `own_cells`,
    /// `own_people`, `offers`, ... A load that ends elsewhere has gone wrong.
    public let expect: [String: Int]
    /// The packs that are loaded with this one, before it.
    public let includes: [RegionPack]
    /// The pack's own files, in the order in which they must be loaded.
    public let inputs: [InputDefinition]
    /// The pack as a record, one row.
    public let regionTable: Table

    /// Who publishes a pack's data.
    public struct Publisher: Sendable, Hashable {
        /// The name of the body.
        public let name: String
        /// Its address on the web.
        public let url: String?
        /// The identifier that GovData gave it (`http://dcat-ap.de/def/contributors/...`).
        public let contributorID: String?
    }

    /// What a pack can promise.
    private static let expectations = [
        "districts", "municipalities", "own_cells", "own_people", "context_cells", "context_people", "actors", "offers",
        "links", "indicators", "vocabulary", "glossary", "land_use", "buildings", "cities", "rural_calibrations",
    ]

    /// What `duties` can state, and the field that keeps it.
    private static let dutyFields = [
        "imprint": "imprint_text", "privacy": "privacy_text", "accessibility": "accessibility_text",
        "enforcement": "enforcement_text", "feedback": "feedback_url", "report": "report_url",
    ]

    /// Reads a pack's description and those of the packs it includes.
    ///
    /// - Throws: `LoaderError` naming file, line and statement.
    public init(directory: URL) throws(LoaderError) { try self.init(directory: directory, within: []) }

    private init(directory: URL, within outer: [String]) throws(LoaderError) {
        let directory = directory.standardizedFileURL
        let name = "\(directory.lastPathComponent)/region.yaml"
        let pack = try YAMLStatements(file: directory.appending(component: "region.yaml"), name: name)
        try pack.requireOnly([
            "id", "names", "state", "key_prefix", "crs", "as_of", "languages", "attribution", "publisher",
            "includes", "expect", "sources", "inputs", "duties",
        ])
        guard !outer.contains(directory.path) else { throw pack.error("includes", "the packs include each other") }
        self.directory = directory
        id = try pack.required("id")
        state = try pack.text("state")
        keyPrefix = try pack.text("key_prefix")
        if let keyPrefix, OfficialKey.read(keyPrefix, levels: .state) != .valid {
            throw pack.error("key_prefix", "'\(keyPrefix)' is no official key of a state: two digits, in quotes")
        }
        crs = try pack.text("crs") ?? "EPSG:25832"
        asOf = try pack.text("as_of")
        if let asOf, ReducedDate(asOf) == nil {
            throw pack.error("as_of", "'\(asOf)' is no date; write 2024 or 2024-12-31")
        }
        languages = try pack.list("languages")
        attribution = try pack.text("attribution")
        publisher = try Self.publisher(pack)
        var names: [String: String] = [:]
        if let statements = try pack.statements("names") {
            for language in statements.names { names[language] = try statements.required(language) }
        }
        self.names = names
        var duties: [String: String] = [:]
        if let statements = try pack.statements("duties") {
            try statements.requireOnly(Set(Self.dutyFields.keys))
            for (name, field) in Self.dutyFields { duties[field] = try statements.text(name) }
            for (name, field) in [("feedback", "feedback_url"), ("report", "report_url")] {
                guard let address = duties[field] else { continue }
                guard ["https://", "http://", "mailto:"].contains(where: address.hasPrefix) else {
                    throw statements.error(name, "'\(address)' is no address of the web or of mail")
                }
            }
        }
        self.duties = duties
        var expectation: [String: Int] = [:]
        if let statements = try pack.statements("expect") {
            try statements.requireOnly(Set(Self.expectations))
            for name in Self.expectations { expectation[name] = try statements.integer(name) }
        }
        expect = expectation
        var includes: [RegionPack] = []
        for path in try pack.list("includes") {
            includes.append(
                try RegionPack(directory: Self.file(path, in: directory), within: outer + [directory.path]))
        }
        self.includes = includes
        let (inputs, kindSources) = try Self.inputs(pack, directory)
        self.inputs = inputs
        regionTable = Self.table(
            id: id, names: names, state: state, keyPrefix: keyPrefix, crs: crs, asOf: asOf,
            lists: ["languages": languages, "kind_sources": kindSources], attribution: attribution,
            publisher: publisher, duties: duties)
    }

    private static func publisher(_ pack: YAMLStatements) throws(LoaderError) -> Publisher? {
        guard let statements = try pack.statements("publisher") else { return nil }
        try statements.requireOnly(["name", "url", "contributor_id"])
        for name in ["url", "contributor_id"] {
            if let text = try statements.text(name), !text.hasPrefix("http://"), !text.hasPrefix("https://") {
                throw statements.error(name, "'\(text)' is no address; write it with http:// or https://")
            }
        }
        return Publisher(
            name: try statements.required("name"), url: try statements.text("url"),
            contributorID: try statements.text("contributor_id"))
    }

    private static func file(_ path: String, in directory: URL) -> URL {
        (path.hasPrefix("/") ? URL(filePath: path) : directory.appending(path: path)).standardizedFileURL
    }

    /// The inputs, reference data first (places are found only when areas and names are there), and the sources that
    /// whole files rest on, as `kind/source`.
    private static func inputs(
        _ pack: YAMLStatements, _ directory: URL
    ) throws(LoaderError) -> ([InputDefinition], sources: [String]) {
        var inputs: [InputDefinition] = []
        var sources: Set<String> = []
        if let path = try pack.text("sources") {
            var input = InputDefinition(kind: .sources, file: file(path, in: directory))
            input.definedIn = pack.file
            inputs.append(input)
        }
        for node in try pack.nodes("inputs") {
            let statements = try YAMLStatements(node, file: pack.file)
            try statements.requireOnly(Mapping.known.union(["kind", "file", "sources"]))
            let name = try statements.required("kind")
            guard let kind = RecordKind(inputName: name), kind != .regions else {
                let known = RecordKind.allCases.filter { $0 != .regions }.map(\.inputName).joined(separator: ", ")
                throw statements.error("kind", "'\(name)' is not known; known are: \(known)")
            }
            sources.formUnion(try statements.list("sources").map { "\(kind.rawValue)/\($0)" })
            inputs.append(
                try MappingReader(statements).definition(
                    kind: kind, file: file(try statements.required("file"), in: directory)))
        }
        let order = Dictionary(
            RecordKind.allCases.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let sorted = inputs.enumerated()
            .sorted {
                (order[$0.element.kind, default: 0], $0.offset) < (order[$1.element.kind, default: 0], $1.offset)
            }
            .map(\.element)
        return (sorted, sources.sorted())
    }

    private static func table(
        id: String, names: [String: String], state: String?, keyPrefix: String?, crs: String, asOf: String?,
        lists: [String: [String]], attribution: String?, publisher: Publisher?, duties: [String: String]
    ) -> Table {
        var table = Table(.regions)
        for (position, field) in table.schema.fields.enumerated() {
            let text: String? =
                switch field.name {
                case "id": id
                case "name_de": names["de"]
                case "name_en": names["en"]
                case "state": state
                case "key_prefix": keyPrefix
                case "crs": crs
                case "as_of": asOf
                case "attribution": attribution
                case "publisher": publisher?.name
                case "publisher_url": publisher?.url
                case "contributor_id": publisher?.contributorID
                default: duties[field.name]
                }
            switch table.columns[position] {
            case .text(var column):
                column.append(text ?? "")
                table.columns[position] = .text(column)
            case .code(var column):
                column.append(text ?? "")
                table.columns[position] = .code(column)
            case .codeList(var column):
                column.append(lists[field.name] ?? [])
                table.columns[position] = .codeList(column)
            case .date: table.columns[position] = .date([text.flatMap { ReducedDate($0) }?.packed ?? 0])
            case .integer, .real, .boolean, .timestamp: table.columns[position].appendNull()
            }
        }
        return table
    }
}
