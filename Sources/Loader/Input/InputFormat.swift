/// A family of file formats.
public enum InputFormat: String, Sendable, Hashable {
    /// Text with a delimiter between values.
    case csv
    /// GeoJSON: a feature collection, one feature, or features line by line.
    case geojson
    /// GeoPackage.
    case gpkg
    /// Anything that GDAL reads: Shapefile (also zipped), XLSX, KML, FlatGeobuf, ...
    case ogr

    /// What a file's first bytes are.
    struct Content: Sendable {
        /// The family, or nil where Kompass reads nothing of the kind.
        let format: InputFormat?
        /// What it is, for people.
        let name: String
    }

    /// Tells a format by the file's first bytes. - Parameter head: the first bytes, at least 512 where the file has them.
    static func content(of head: [UInt8]) -> Content {
        func begins(_ text: String) -> Bool { head.starts(with: text.utf8) }
        if begins("SQLite format 3\0") { return Content(format: .gpkg, name: "an SQLite database") }
        if begins("PK\u{3}\u{4}") {
            return Content(format: .ogr, name: "a ZIP archive (zipped Shapefile, XLSX or the like)")
        }
        if begins("%PDF") { return Content(format: nil, name: "a PDF document") }
        if head.starts(with: [0x1f, 0x8b]) { return Content(format: .ogr, name: "a gzip archive") }
        if head.starts(with: [0xd0, 0xcf, 0x11, 0xe0]) {
            return Content(format: .ogr, name: "an old Excel or Word file")
        }
        if head.starts(with: [0x00, 0x00, 0x27, 0x0a]) { return Content(format: .ogr, name: "a Shapefile") }
        if begins("fgb") { return Content(format: .ogr, name: "a FlatGeobuf") }
        if begins("PAR1") { return Content(format: .ogr, name: "a Parquet file") }
        if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) {
            return Content(format: nil, name: "text in UTF-16")
        }
        var text = head[...]
        if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
        text = text.drop { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0d) || $0 == 0x1e }
        if text.contains(0) { return Content(format: .ogr, name: "binary data") }
        switch text.first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return Content(format: .geojson, name: "JSON")
        case UInt8(ascii: "<"):
            let start = String(decoding: text.prefix(200), as: UTF8.self).lowercased()
            return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
                ? Content(format: nil, name: "a web page (HTML), perhaps the error page of a failed download")
                : Content(format: .ogr, name: "XML")
        default: return Content(format: .csv, name: "plain text")
        }
    }

    /// The formats that a file name's ending promises, or nil where it promises none.
    static func promised(by pathExtension: String) -> [InputFormat]? {
        switch pathExtension.lowercased() {
        case "csv", "tsv", "tab", "txt": [.csv]
        case "geojson", "geojsonl", "geojsonseq", "geojsons", "json": [.geojson]
        case "gpkg": [.gpkg]
        case "shp", "zip", "shz", "xlsx", "xls", "ods", "kml", "kmz", "gml", "fgb", "gpx", "gz", "parquet", "dbf":
            [.ogr]
        default: nil
        }
    }
}
