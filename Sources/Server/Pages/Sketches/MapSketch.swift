import Foundation
import Geometry
import NetworkModel

/// A small map drawn on the server as inline SVG: no script, no tiles, no style but the page's.
///
/// Plate carrée with the scale of the middle latitude: within a state its shapes differ from those of the big map by
/// less than a line's width. Everything has a class; colours, also those for print, stand in the style sheet.
struct MapSketch: Sendable {
    private let box: BoundingBox<Geographic>
    private let width: Double
    private let height: Double
    private let scale: (x: Double, y: Double)
    private var content = HTMLText()
    /// The places that labels take already.
    private var taken: [(x: Double, y: Double, width: Double)] = []

    /// The narrowest part of a line that is drawn, in units of the drawing.
    private static let tolerance = 0.9
    private static let padding = 12.0
    private static let letterWidth = 7.2
    private static let letterHeight = 14.0

    /// Begins an empty map of a part of the world.
    ///
    /// - Parameter size: the longer side, in units of the drawing; about CSS pixels at full size.
    init(of box: BoundingBox<Geographic>, size: Double = 560) {
        self.box = box
        let stretch = cos((box.minY + box.maxY) / 2 * .pi / 180)
        let east = max((box.maxX - box.minX) * stretch, 1e-6)
        let north = max(box.maxY - box.minY, 1e-6)
        let unit = (size - 2 * Self.padding) / max(east, north)
        scale = (unit * stretch, unit)
        width = east * unit + 2 * Self.padding
        height = north * unit + 2 * Self.padding
    }

    private func position(_ point: Coordinate<Geographic>) -> (x: Double, y: Double) {
        (
            (point.longitude - box.minX) * scale.x + Self.padding, (box.maxY - point.latitude) * scale.y + Self.padding
        )
    }

    /// Whether something of a box is within the map.
    func shows(_ other: BoundingBox<Geographic>) -> Bool { box.intersects(other) }

    /// Draws a surface. - Complexity: O(vertices)
    mutating func draw(_ surface: MultiPolygon<Geographic>, as style: StaticString) {
        guard !surface.isEmpty else { return }
        content.markup("<path class=\"")
        content.markup(style)
        content.markup("\" d=\"")
        for polygon in surface.polygons {
            for ring in [polygon.exterior] + polygon.holes { draw(ring) }
        }
        content.markup("\"/>")
    }

    /// Leaves out vertices that lie closer to the last one drawn than an eye sees; writes the steps between the others.
    private mutating func draw(_ ring: Ring<Geographic>) {
        var last: (x: Double, y: Double)?
        for coordinate in ring.coordinates.dropLast() {
            let exact = position(coordinate)
            // Rounded before the difference is taken, so that no error adds up along the line.
            let point = (x: (exact.x * 10).rounded() / 10, y: (exact.y * 10).rounded() / 10)
            let step = (x: point.x - (last?.x ?? 0), y: point.y - (last?.y ?? 0))
            if last != nil, abs(step.x) < Self.tolerance, abs(step.y) < Self.tolerance { continue }
            content.markup(last == nil ? "M" : "l")
            content.number(step.x)
            if step.y >= 0 { content.markup(" ") }
            content.number(step.y)
            last = point
        }
        if last != nil { content.markup("z") }
    }

    /// Draws a mark at a place, with a short text in it where there is one.
    mutating func mark(_ place: Coordinate<Geographic>, _ text: String? = nil, as style: StaticString = "sketch-mark") {
        let point = position(place)
        let radius = text.map { max(9, Double($0.count) * 3.6 + 4) } ?? 7
        content.markup("<g class=\"")
        content.markup(style)
        content.markup("\">")
        if let text, text.count > 2 {
            content.markup("<rect x=\"")
            content.number(point.x - radius)
            content.markup("\" y=\"")
            content.number(point.y - 9)
            content.markup("\" width=\"")
            content.number(radius * 2)
            content.markup("\" height=\"18\" rx=\"9\"/>")
        } else {
            content.markup("<circle cx=\"")
            content.number(point.x)
            content.markup("\" cy=\"")
            content.number(point.y)
            content.markup("\" r=\"")
            content.number(text == nil ? 7 : 9)
            content.markup("\"/>")
        }
        if let text {
            content.markup("<text x=\"")
            content.number(point.x)
            content.markup("\" y=\"")
            content.number(point.y + 4)
            content.markup("\">")
            content.write(text)
            content.markup("</text>")
        }
        content.markup("</g>")
        taken.append((point.x, point.y, radius * 2))
    }

    /// Writes a name at a place, unless it would cross another, a mark or the border.
    mutating func label(_ name: String, at place: Coordinate<Geographic>, as style: StaticString = "sketch-name") {
        let center = position(place)
        let half = Double(name.count) * Self.letterWidth / 2
        for offset in [0, -16.0, 16.0] {
            let y = center.y + offset
            let isInside =
                center.x - half > 0 && center.x + half < width && y > Self.letterHeight && y < height - 4
            let isFree = taken.allSatisfy {
                abs($0.x - center.x) > half + $0.width / 2 || abs($0.y - y) > Self.letterHeight
            }
            guard isInside, isFree else { continue }
            taken.append((center.x, y, half * 2))
            content.markup("<text class=\"")
            content.markup(style)
            content.markup("\" x=\"")
            content.number(center.x)
            content.markup("\" y=\"")
            content.number(y + 4)
            content.markup("\">")
            content.write(name)
            content.markup("</text>")
            return
        }
    }

    /// The finished drawing.
    ///
    /// - Parameter title: what it shows, for those who do not see it.
    func svg(title: String) -> String {
        var html = HTMLText()
        html.markup("<svg class=\"sketch\" role=\"img\" viewBox=\"0 0 ")
        html.number(width)
        html.markup(" ")
        html.number(height)
        html.markup("\" width=\"")
        html.number(width)
        html.markup("\" height=\"")
        html.number(height)
        html.markup("\" aria-label=\"")
        html.write(title)
        html.markup("\">")
        html.append(content)
        html.markup("</svg>")
        return html.text
    }
}

extension BoundingBox where Frame == Geographic {
    /// The box with a margin on each side, as a share of its larger extent.
    func padded(by share: Double) -> BoundingBox<Geographic> {
        let margin = max(maxX - minX, maxY - minY) * share
        return BoundingBox(minX: minX - margin, minY: minY - margin, maxX: maxX + margin, maxY: maxY + margin)
    }
}
