import Analysis
import Geometry
import NetworkModel

extension PageRenderer {
    /// The small map of some features, with the districts below them; empty where nothing has a place.
    ///
    /// - Parameters:
    ///   - snapshot: whose districts are the ground; nil for none.
    ///   - title: what it shows; its accessible name and its caption.
    func map(_ table: FeatureTable, _ rows: some Sequence<Int>, on snapshot: Snapshot?, title: String) -> String {
        let shapes = rows.compactMap { row -> FeatureGeometry<Geographic>? in
            table.point(row).map { .point($0) } ?? table.surface(row).map { .multiPolygon($0) } ?? table.shape(row)
        }
        var ground: [MultiPolygon<Geographic>] = []
        var box = BoundingBox<Geographic>.empty
        if let snapshot, case .surfaces(let surfaces) = snapshot.districts.geometry {
            ground = surfaces
            for district in snapshot.districtBoxes { box.formUnion(district) }
        }
        for shape in shapes { shape.extend(&box) }
        guard !box.isEmpty else { return "" }
        // A single place has no extent: some kilometres around it are shown.
        var sketch = MapSketch(of: box.maxX == box.minX || box.maxY == box.minY ? box.expanded(by: 0.05) : box)
        for surface in ground { sketch.draw(surface, as: "sketch-ground") }
        for shape in shapes { Self.draw(shape, in: &sketch, as: shapes.count == 1 ? "sketch-mark" : "sketch-dot") }
        return Self.figure(sketch, title)
    }

    /// The small map of the classes of rurality.
    func map(_ answer: RuralAnswer, title: String) -> String {
        let areas = answer.outlines
        var box = BoundingBox<Geographic>.empty
        for area in areas { box.formUnion(area.surface.boundingBox) }
        guard !box.isEmpty else { return "" }
        var sketch = MapSketch(of: box)
        for area in areas {
            switch area.ruralClass {
            case .veryRural: sketch.draw(area.surface, as: "very_rural")
            case .ratherRural: sketch.draw(area.surface, as: "rather_rural")
            case .notRural: sketch.draw(area.surface, as: "not_rural")
            case nil: sketch.draw(area.surface, as: "sketch-ground")
            }
        }
        return Self.figure(sketch, title)
    }

    private static func figure(_ sketch: MapSketch, _ title: String) -> String {
        var html = HTMLText()
        html.markup("<figcaption>")
        html.write(title)
        html.markup("</figcaption></figure>")
        return "<figure class=\"map\">\(sketch.svg(title: title))\(html.text)"
    }

    private static func draw(
        _ shape: FeatureGeometry<Geographic>, in sketch: inout MapSketch, as mark: StaticString
    ) {
        switch shape {
        case .point(let point): sketch.mark(point, as: mark)
        case .multiPoint(let points): for point in points { sketch.mark(point, as: mark) }
        case .lineString(let line): draw(line, in: &sketch)
        case .multiLineString(let lines): for line in lines { draw(line, in: &sketch) }
        case .polygon(let polygon): sketch.draw(MultiPolygon([polygon]), as: "sketch-chosen")
        case .multiPolygon(let surface): sketch.draw(surface, as: "sketch-chosen")
        case .collection(let parts): for part in parts { draw(part, in: &sketch, as: mark) }
        }
    }

    /// A line is a surface of no width: there and back.
    private static func draw(_ line: [Coordinate<Geographic>], in sketch: inout MapSketch) {
        sketch.draw(MultiPolygon([Polygon(exterior: Ring(line + line.reversed()), holes: [])]), as: "sketch-line")
    }
}

extension FeatureGeometry where Frame == Geographic {
    /// Grows a box to hold the geometry.
    fileprivate func extend(_ box: inout BoundingBox<Geographic>) {
        switch self {
        case .point(let point): box.formUnion(point)
        case .multiPoint(let points), .lineString(let points): for point in points { box.formUnion(point) }
        case .multiLineString(let lines): for point in lines.joined() { box.formUnion(point) }
        case .polygon(let polygon): box.formUnion(polygon.exterior.boundingBox)
        case .multiPolygon(let surface): box.formUnion(surface.boundingBox)
        case .collection(let parts): for part in parts { part.extend(&box) }
        }
    }
}
