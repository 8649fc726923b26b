/// A table of another GeoPackage, as it is served beside the network's own collections: read-only, whatever its columns
/// are.
///
/// Columns, not records: nothing is known of it but what the file says. Safe to use from any thread.
public struct Layer: Sendable {
    /// The table's name.
    public let name: String
    /// The name of the file, without folder and ending.
    public let file: String
    /// What the file calls it, else the table's name.
    public let title: String
    /// What the file says that it holds; may be empty.
    public let description: String
    /// The fields; the first one is the identifier: whole numbers or texts in ascending order, no two alike.
    public let fields: [Field]
    /// A column for each field.
    public let columns: [Column]
    /// The geometries on longitude and latitude.
    public let geometry: GeometryColumn
    /// The name of the geometry's column; nil where there is none.
    public let geometryName: String?
    /// The type that the file declares for the geometries, as GeoPackage spells it: `POINT`, `GEOMETRY`.
    public let geometryType: String
    /// What of the table is not served.
    public let omissions: LayerOmissions
    /// The identity of its content.
    public let version: DataVersion

    /// Takes columns of equal length, the identifiers first and ascending. - Complexity: O(bytes), for the version
    public init(
        name: String, file: String, title: String, description: String, fields: [Field], columns: [Column],
        geometry: GeometryColumn, geometryName: String?, geometryType: String, omissions: LayerOmissions
    ) {
        self.name = name
        self.file = file
        self.title = title
        self.description = description
        self.fields = fields
        self.columns = columns
        self.geometry = geometry
        self.geometryName = geometryName
        self.geometryType = geometryType
        self.omissions = omissions
        version = DataVersion(layer: name, fields: fields, columns: columns, geometry: geometry)
    }

    /// The number of rows.
    public var count: Int { columns.first?.count ?? 0 }
}

/// What of a table of another GeoPackage cannot be served, for its description.
public struct LayerOmissions: Sendable, Hashable {
    /// Columns that hold binary data or further geometries.
    public var columns: [String] = []
    /// Single binary values in columns of other types, taken as not stated.
    public var values = 0
    /// Geometries that cannot be given in longitude and latitude.
    public var geometries = 0
    /// Whether the geometries have heights or measures, which are left aside.
    public var hasFurtherOrdinates = false

    /// Nothing is left out.
    public init() {}
}
