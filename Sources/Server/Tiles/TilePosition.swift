import HTTPTypes
import VectorTiles

/// The numbers of a tile in the XYZ scheme.
struct TilePosition: Hashable, Sendable {
    let zoom: Int
    let column: Int
    let row: Int

    /// How a path spells a tile, and what it calls the numbers.
    struct Spelling: Sendable {
        let path: String
        let zoom: String
        let column: String
        let row: String

        /// As map clients ask.
        static let xyz = Spelling(path: "/tiles/kompass/{z}/{x}/{y}.mvt", zoom: "z", column: "x", row: "y")
        /// As OGC API Tiles has it: the row stands before the column.
        static let ogc = Spelling(
            path: "/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}", zoom: "tileMatrix", column: "tileCol",
            row: "tileRow")
    }

    /// Reads the numbers as a path spells them.
    ///
    /// - Throws: a problem of status 400 for what is no whole number, 404 for a tile outside the matrix.
    init(zoom: String, column: String, row: String, in spelling: Spelling = .xyz) throws(Problem) {
        self.zoom = try Self.number(zoom, name: spelling.zoom, spelling)
        self.column = try Self.number(column, name: spelling.column, spelling)
        self.row = try Self.number(row, name: spelling.row, spelling)
        guard self.zoom <= Self.deepestZoom, self.column < 1 << self.zoom, self.row < 1 << self.zoom else {
            throw Problem(
                .notFound,
                "there is no such tile: the zoom is 0 to \(Self.deepestZoom), row and column are below two to that power"
            )
        }
    }

    /// The deepest zoom of the registered tile matrix set WebMercatorQuad.
    static let deepestZoom = 24

    /// The address in the tileset, or nil where it has no tiles at this zoom: the tile is then empty.
    func address(in tileset: Tileset) -> TileAddress? {
        tileset.zooms.contains(zoom) ? TileAddress(zoom: zoom, x: column, y: row) : nil
    }

    /// One spelling per number, so that one tile has one URL: no sign, no leading zero.
    private static func number(_ text: String, name: String, _ spelling: Spelling) throws(Problem) -> Int {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text == "0" || text.first != "0", let number = Int(text)
        else {
            throw Problem(
                .badRequest, "'\(text.clipped)' is no tile number; a tile is \(spelling.path)", parameter: name)
        }
        return number
    }
}
