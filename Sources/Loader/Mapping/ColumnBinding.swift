import NetworkModel

/// Where each field of a kind takes its values from, for the columns that a file really has.
struct ColumnBinding {
    /// The origin of one field's values.
    enum Origin: Sendable {
        case nothing
        case column(Int, factor: Double, separator: UInt8, isOrganisation: Bool)
        case constant(String)

        var column: Int? {
            if case .column(let column, _, _, _) = self { return column }
            return nil
        }
    }

    /// For each field of the schema.
    private(set) var origins: [Origin]
    /// The columns of the eastward and northward ordinate.
    private(set) var position: (east: Int, north: Int)?
    /// The column of well-known text.
    private(set) var text: Int?
    /// For each term of the input's filter its column, nil where none is met yet.
    private(set) var filterColumns: [Int?] = []
    /// Columns that the mapping names and the file does not have (yet).
    private(set) var missing: [String] = []
    /// Columns that nothing takes, in the file's order.
    private(set) var unused: [Int] = []

    /// Binds an input's mapping to columns. - Throws: `LoaderError` where a column is ambiguous.
    init(_ input: InputDefinition, columns: [String], hasGeometry: Bool) throws(LoaderError) {
        let schema = input.kind.schema
        let finder = ColumnFinder(columns, file: input.fileName)
        origins = schema.fields.map { _ in .nothing }
        var used: Set<Int> = []
        for (index, field) in schema.fields.enumerated() where field.name != "region" {
            let mapping = input.columns.map { $0[field.name] } ?? .column(field.name)
            switch mapping {
            case nil: continue
            case .constant(let text): origins[index] = .constant(text)
            case .column(let name, let unit, let separator, let isOrganisation):
                guard let column = try finder.column(name) else {
                    if input.columns != nil { missing.append(name) }
                    continue
                }
                origins[index] = .column(
                    column, factor: unit?.factor(to: field.unit) ?? 1, separator: separator ?? input.listSeparator,
                    isOrganisation: isOrganisation)
                used.insert(column)
            }
        }
        if schema.geometry != .none { try bindGeometry(input, finder, hasGeometry, &used) }
        for term in input.filter?.terms ?? [] {
            let column = try finder.column(term.column)
            if column == nil { missing.append(term.column) }
            filterColumns.append(column)
            if let column { used.insert(column) }
        }
        unused = columns.indices.filter { !used.contains($0) }
    }

    private mutating func bindGeometry(
        _ input: InputDefinition, _ finder: ColumnFinder, _ hasGeometry: Bool, _ used: inout Set<Int>
    ) throws(LoaderError) {
        func mapped(_ target: String) throws(LoaderError) -> Int?? {
            guard case .column(let name, _, _, _)? = input.columns?[target] else { return nil }
            return .some(try finder.column(name))
        }
        for (east, north) in [("lon", "lat"), ("x", "y")] {
            guard let first = try mapped(east), let second = try mapped(north) else { continue }
            if let first, let second { position = (first, second) } else { missing.append("\(east)/\(north)") }
        }
        if let column = try mapped("wkt") {
            text = column
            if column == nil { missing.append("wkt") }
        }
        // Names that everybody uses are taken without being told, where the format has no geometry of its own.
        if position == nil, text == nil, !hasGeometry {
            for (east, north) in zip(CoordinateColumns.eastNames, CoordinateColumns.northNames) {
                if let first = try finder.column(east), let second = try finder.column(north) {
                    position = (first, second)
                    break
                }
            }
            if position == nil {
                for name in CoordinateColumns.textNames {
                    text = try finder.column(name)
                    if text != nil { break }
                }
            }
        }
        for column in [position?.east, position?.north, text] { if let column { used.insert(column) } }
    }

    /// Takes a field's values away: its column holds what must not be loaded.
    mutating func drop(column: Int) {
        for index in origins.indices where origins[index].column == column { origins[index] = .nothing }
    }

    /// Whether a column's values are declared an organisation's.
    func isOrganisation(_ column: Int) -> Bool {
        origins.contains {
            if case .column(column, _, _, isOrganisation: true) = $0 { return true }
            return false
        }
    }
}

/// Finds columns by name: as written, else without regard to case.
private struct ColumnFinder {
    private let columns: [String]
    private let folded: [String]
    private let file: String

    init(_ columns: [String], file: String) {
        self.columns = columns
        self.file = file
        folded = columns.map { Self.fold($0) }
    }

    private static func fold(_ name: String) -> String {
        name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    func column(_ name: String) throws(LoaderError) -> Int? {
        let exact = columns.indices.filter { columns[$0] == name }
        let wanted = Self.fold(name)
        let found = exact.isEmpty ? columns.indices.filter { folded[$0] == wanted } : exact
        guard found.count < 2 else {
            throw .mapping(
                file: file, line: nil, field: name,
                reason:
                    "\(found.count) columns have this name (columns \(found.map { String($0 + 1) }.joined(separator: ", "))); "
                    + "rename them so that one can be meant")
        }
        return found.first
    }
}
