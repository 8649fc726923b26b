/// What the features of a layer of areas are made of, row by row.
struct AreaContent: Sendable {
    /// The features' ids.
    let features: [UInt64]
    /// Their attributes.
    let attributes: AttributeColumns

    /// Writes the areas that a tile and its buffer meet, in the order of the rows.
    ///
    /// - Parameters:
    ///   - coverage: The areas on the grid of the tile's zoom.
    ///   - level: Which of its levels they are; one that the zoom does not show has none.
    ///   - figures: Columns that stand beside the records for this request.
    func write(
        _ coverage: ZoomCoverage, level: Int, to encoder: inout LayerEncoder, of address: TileAddress,
        figures: TileAdditions.Figures?
    ) {
        guard level < coverage.polygons.count else { return }
        let box = GridBox(address, margin: TileGrid.buffer)
        let clip = TileClip(box)
        var tags = attributes.writer(zoom: address.z, figures: figures, rows: features.count)
        let boxes = coverage.boxes[level]
        for row in boxes.indices where box.intersects(boxes[row]) {
            let rings = clip.rings(of: coverage.polygons[level][row])
            guard !rings.isEmpty else { continue }
            tags.take(row, in: &encoder)
            encoder.add(id: features[row], tags: tags.tags, geometry: TileGeometry(rings: rings.map(address.local)))
        }
    }
}
