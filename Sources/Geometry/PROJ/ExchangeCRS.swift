/// A CRS in which coordinates are taken in and given out (OGC API Features part 2): those that the maps of Germany and
/// of Europe are made in. Inside Kompass everything is longitude and latitude.
public enum ExchangeCRS: String, Sendable, Hashable, CaseIterable {
    /// WGS 84, longitude first: the default of GeoJSON and of OGC API Features.
    case longitudeLatitude = "OGC:CRS84"
    /// WGS 84, latitude first.
    case latitudeLongitude = "EPSG:4326"
    /// ETRS89 / UTM zone 32N: what Germany's surveying offices publish in.
    case utm32 = "EPSG:25832"
    /// ETRS89 / LAEA Europe, northing first: the grid of the census.
    case europeanGrid = "EPSG:3035"
    /// Web Mercator: what web maps are drawn in.
    case webMercator = "EPSG:3857"

    /// Reads a URI, and the spellings that `CRSReference` knows: `EPSG:25832`, `urn:ogc:def:crs:EPSG::25832`,
    /// `[EPSG:25832]`; nil for what is not offered.
    public init?(_ text: String) {
        guard text.utf8.count <= 120, let reference = CRSReference(text) else { return nil }
        self.init(rawValue: reference.text)
    }

    /// The URI of OGC's definition service.
    public var uri: String {
        switch self {
        case .longitudeLatitude: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        case .latitudeLongitude: "http://www.opengis.net/def/crs/EPSG/0/4326"
        case .utm32: "http://www.opengis.net/def/crs/EPSG/0/25832"
        case .europeanGrid: "http://www.opengis.net/def/crs/EPSG/0/3035"
        case .webMercator: "http://www.opengis.net/def/crs/EPSG/0/3857"
        }
    }

    /// Whether coordinates are degrees on WGS 84 and not metres.
    public var isGeographic: Bool { self == .longitudeLatitude || self == .latitudeLongitude }

    /// Whether the authority lists the northern axis first.
    public var hasNorthFirst: Bool { self == .latitudeLongitude || self == .europeanGrid }
}
