public import Foundation
public import NetworkModel

/// How a user's file is to be read: the mapping language of `kompass import --mapping` and of a pack's inputs.
///
/// ```yaml
/// crs: EPSG:25832
/// where: GF = 4
/// columns:
///   key: AGS
///   area_official_m2: {column: KFL, unit: km2}
///   languages: {column: Sprachen, separator: ","}
///   email: {column: Mail, organisation: true}
///   source_id: {value: my-source}
/// ```
public struct Mapping: Sendable {
    /// The text, read anew for each use: the tree of a YAML document is not `Sendable`.
    private let text: String
    private let name: String

    /// The statements that a mapping knows.
    static let known: Set<String> = [
        "format", "layer", "encoding", "delimiter", "decimal", "header_row", "crs", "where", "list_separator",
        "columns",
        "place_from_actor",
    ]

    /// Reads a mapping file. - Throws: `LoaderError` naming the line and what is known there.
    public init(file: URL) throws(LoaderError) {
        name = file.lastPathComponent
        text = try YAMLStatements.text(of: file, name: name)
        let statements = try YAMLStatements(text: text, name: name)
        try statements.requireOnly(Self.known)
        _ = try MappingReader(statements).definition(kind: nil, file: file)
    }

    /// The mapping applied to a file of records of a kind. - Throws: `LoaderError` for a field that the kind has not.
    public func definition(kind: RecordKind, file: URL) throws(LoaderError) -> InputDefinition {
        try MappingReader(YAMLStatements(text: text, name: name)).definition(kind: kind, file: file)
    }
}

/// Turns the statements of a mapping into the definition of an input.
struct MappingReader {
    private let statements: YAMLStatements

    init(_ statements: YAMLStatements) { self.statements = statements }

    /// The definition. Without a kind the targets are not checked against its fields.
    func definition(kind: RecordKind?, file: URL) throws(LoaderError) -> InputDefinition {
        var input = InputDefinition(kind: kind ?? .offers, file: file)
        input.definedIn = statements.file
        input.format = try keyword(
            "format", except: "auto", InputFormat.init(rawValue:), "auto, csv, geojson, gpkg or ogr")
        input.layer = try statements.text("layer")
        input.encoding = try keyword(
            "encoding", except: "auto", TextEncoding.init(named:), "utf-8, windows-1252 or iso-8859-1")
        input.delimiter = try byte("delimiter")
        input.decimal = try keyword("decimal", except: "auto", Self.decimalMark, "'.' or ','")
        input.headerRow = try statements.integer("header_row") ?? 1
        input.crs = try statements.text("crs")
        if let text = try statements.text("where") {
            guard let filter = RowFilter(text) else {
                throw statements.error("where", "'\(text)' is not understood; write for example: GF = 4 AND EWZ > 0")
            }
            input.filter = filter
        }
        input.listSeparator = try byte("list_separator") ?? input.listSeparator
        input.placeFromActor = try statements.flag("place_from_actor") ?? false
        if let columns = try statements.statements("columns") {
            input.columns = try Self.columns(columns, kind: kind)
        }
        return input
    }

    private func keyword<Value>(
        _ name: String, except auto: String, _ read: (String) -> Value?, _ expected: String
    ) throws(LoaderError) -> Value? {
        guard let text = try statements.text(name), text.lowercased() != auto else { return nil }
        guard let value = read(text.lowercased()) else {
            throw statements.error(name, "'\(text)' is not known; use \(expected)")
        }
        return value
    }

    private static func decimalMark(_ text: String) -> DecimalMark? {
        switch text {
        case ".", "point": .point
        case ",", "comma": .comma
        default: nil
        }
    }

    private func byte(_ name: String) throws(LoaderError) -> UInt8? {
        guard let text = try statements.text(name), text != "auto" else { return nil }
        guard let byte = Self.byte(text) else {
            throw statements.error(name, "'\(text)' is not one ASCII character or \"tab\"")
        }
        return byte
    }

    private static func byte(_ text: String) -> UInt8? {
        if text == "tab" || text == "\\t" { return 0x09 }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte != 0x22, byte != 0x0a, byte != 0x0d else {
            return nil
        }
        return byte
    }

    private static func columns(
        _ statements: YAMLStatements, kind: RecordKind?
    ) throws(LoaderError) -> [String: ColumnMapping] {
        var columns: [String: ColumnMapping] = [:]
        for target in statements.names {
            let field = kind?.schema.fields.first { $0.name == target }
            if let kind, field == nil, !CoordinateColumns.targets.contains(target) {
                let known = kind.schema.fields.map(\.name) + CoordinateColumns.targets
                throw statements.error(
                    target, "\(kind.inputName) have no such field; known are: \(known.joined(separator: ", "))")
            }
            if target == "region" { throw statements.error(target, "is set by the load itself; leave it out") }
            let mapping = try column(target, statements)
            if let field, field.isContact, case .column(_, _, _, organisation: false) = mapping {
                throw statements.error(
                    target,
                    "may hold an organisation's contact only, never a person's; where that is so, write "
                        + "\(target): {column: ..., organisation: true}")
            }
            if kind != nil, case .column(_, let unit?, _, _) = mapping, unit.factor(to: field?.unit) == nil {
                throw statements.error(target, "is not measured in \(unit.rawValue), so its unit cannot be converted")
            }
            columns[target] = mapping
        }
        return columns
    }

    private static func column(_ target: String, _ statements: YAMLStatements) throws(LoaderError) -> ColumnMapping {
        let (name, details) = try statements.textOrStatements(target)
        guard let details else {
            guard let name, !name.isEmpty else { throw statements.error(target, "needs the name of a column") }
            return .column(name)
        }
        try details.requireOnly(["column", "unit", "separator", "organisation", "value"])
        if details.has("value") {
            guard details.names == ["value"] else { throw details.error("value", "a constant takes nothing beside it") }
            return .constant(try details.required("value"))
        }
        var unit: MeasureUnit?
        if let text = try details.text("unit") {
            guard let known = MeasureUnit(text) else {
                let all = MeasureUnit.allCases.map(\.rawValue).joined(separator: ", ")
                throw details.error("unit", "'\(text)' is not known; use one of \(all)")
            }
            unit = known
        }
        var separator: UInt8?
        if let text = try details.text("separator") {
            guard let byte = byte(text) else {
                throw details.error("separator", "'\(text)' is not one ASCII character")
            }
            separator = byte
        }
        return .column(
            try details.required("column"), unit: unit, separator: separator,
            organisation: try details.flag("organisation") ?? false)
    }
}
