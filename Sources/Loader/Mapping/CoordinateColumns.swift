/// The columns that hold a row's position or outline, and the names they go by.
enum CoordinateColumns {
    /// What a mapping may name beside the fields of a kind.
    static let targets = ["lon", "lat", "x", "y", "wkt"]

    /// Names of columns with an eastward ordinate, most telling first.
    static let eastNames = ["lon", "longitude", "lng", "long", "laenge", "länge", "x"]
    /// Names of columns with a northward ordinate, in the order of `eastNames`.
    static let northNames = ["lat", "latitude", "lat", "lat", "breite", "breite", "y"]
    /// Names of columns with well-known text.
    static let textNames = ["wkt", "geom_wkt", "geometry_wkt"]
}
