/// Why an input, a mapping or a region pack cannot be read at all. What is wrong with single rows stands in the
/// report instead.
///
/// Each message names the file, the place in it where there is one, and what to do.
public enum LoaderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such file.
    case missingFile(file: String)
    /// The file is there and cannot be read.
    case unreadableFile(file: String, reason: String)
    /// The content is of another format than the name or the mapping says.
    case wrongFormat(file: String, expected: String, found: String, cure: String)
    /// The file breaks off or contradicts its own format.
    case damaged(file: String, line: Int?, reason: String)
    /// The coordinate reference system is not known, or positions cannot be transformed from it.
    case unknownCRS(file: String, crs: String, reason: String)
    /// The coordinates are in no known system: neither the file nor the mapping says in which.
    case missingCRS(file: String, suggestion: String)
    /// A statement of a mapping or a region pack is wrong.
    case mapping(file: String, line: Int?, field: String?, reason: String)
    /// A mapping names a column that the file does not have.
    case missingColumn(file: String, column: String, known: [String])
    /// A file has several layers and none, or none of this name, was chosen.
    case layer(file: String, wanted: String?, known: [String])
    /// A format needs a program that is not installed.
    case missingTool(file: String, tool: String, cure: String)
    /// A program that was to read the file failed.
    case toolFailed(file: String, tool: String, message: String)
    /// An operation on geometries failed for a reason outside the data.
    case geometry(file: String, reason: String)

    /// Whether arguments, a mapping or a pack are at fault (exit code 2), not the data (exit code 1).
    public var isUsage: Bool {
        switch self {
        case .missingFile, .unknownCRS, .missingCRS, .mapping, .missingColumn, .layer, .missingTool: true
        case .unreadableFile, .wrongFormat, .damaged, .toolFailed, .geometry: false
        }
    }

    /// What is wrong and what to do, for people.
    public var description: String {
        switch self {
        case .missingFile(let file):
            "\(file): there is no such file; check the path"
        case .unreadableFile(let file, let reason):
            "\(file): cannot be read: \(reason)"
        case .wrongFormat(let file, let expected, let found, let cure):
            "\(file): expected \(expected), but the content is \(found); \(cure)"
        case .damaged(let file, let line, let reason):
            "\(file)\(Self.place(line)): \(reason)"
        case .unknownCRS(let file, let crs, let reason):
            "\(file): coordinate reference system '\(crs)' cannot be used: \(reason); "
                + "state one that PROJ knows, for example crs: \"EPSG:25832\""
        case .missingCRS(let file, let suggestion):
            "\(file): the coordinates are not longitude and latitude, and neither the file nor the mapping says in "
                + "which system they are; add crs:, for example crs: \"\(suggestion)\""
        case .mapping(let file, let line, let field, let reason):
            "\(file)\(Self.place(line)): \(field.map { "'\($0)': " } ?? "")\(reason)"
        case .missingColumn(let file, let column, let known):
            "\(file): there is no column '\(column)'; the columns are: \(Self.listed(known))"
        case .layer(let file, let wanted, let known):
            wanted.map { "\(file): there is no layer '\($0)'; the layers are: \(Self.listed(known))" }
                ?? "\(file): which layer? Choose one with layer: in the mapping; the layers are: \(Self.listed(known))"
        case .missingTool(let file, let tool, let cure):
            "\(file): this format is read with the program \(tool), which is not installed; \(cure)"
        case .toolFailed(let file, let tool, let message):
            "\(file): \(tool) cannot read it: \(message)"
        case .geometry(let file, let reason):
            "\(file): \(reason)"
        }
    }

    private static func place(_ line: Int?) -> String { line.map { ", line \($0)" } ?? "" }

    private static func listed(_ names: [String]) -> String {
        let shown = names.prefix(40).map { "'\($0)'" }.joined(separator: ", ")
        return names.count > 40 ? "\(shown) and \(names.count - 40) more" : shown
    }
}
