/// The coordinate reference frame of a value, carried in its type so that degrees and metres cannot be mixed.
///
/// Frames are never instantiated. Inside Kompass the axis order is always x/y (east, north); the order that an
/// authority prescribes is applied at the border alone (`CoordinateTransformer`, HTTP answers).
public protocol ReferenceFrame: Sendable {}

/// Longitude and latitude in degrees on ETRS89/WGS 84, in that order (OGC:CRS84).
public enum Geographic: ReferenceFrame {}

/// Easting and northing in metres in the projected CRS that the value's owner names (Saxony-Anhalt: EPSG:25832).
public enum Projected: ReferenceFrame {}

/// Coordinates as a source file states them, before its CRS has been applied. x/y in the file's own order.
public enum Unreferenced: ReferenceFrame {}

/// Web Mercator scaled to the unit square: x grows east and y grows *south* from (0, 0) at 180° W, 85.0511° N.
public enum MercatorSquare: ReferenceFrame {}

/// Integer-valued units inside one vector tile: x grows east, y grows south, (0, 0) is the tile's north-west corner.
public enum TileUnits: ReferenceFrame {}
