/// What can go wrong when tiles are asked for or a tileset file is read. Each case names what to change.
public enum TileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The tileset file cannot be used: where in it, and what to do.
    case invalidTileset(path: String, problem: String)
    /// A layer that the tileset does not have.
    case unknownLayer(String, known: [String])
    /// A layer that is an answer of an analysis, which nobody has handed over.
    case answerMissing(String)
    /// A zoom outside what the tileset offers.
    case zoomNotServed(Int, served: ClosedRange<Int>)
    /// A document that could not be written.
    case unencodable(String)
    /// Outlines that make no coverage.
    case unusableAreas(String)

    /// The message for people.
    public var description: String {
        switch self {
        case .invalidTileset(let path, let problem): "tileset file, at \(path.isEmpty ? "the top" : path): \(problem)"
        case .unknownLayer(let name, let known):
            "there is no layer \"\(name)\"; the layers are \(known.joined(separator: ", "))"
        case .answerMissing(let name): "the layer \"\(name)\" is an answer of an analysis, which must be handed over"
        case .zoomNotServed(let zoom, let served):
            "there are no tiles at zoom \(zoom); the zooms are \(served.lowerBound) to \(served.upperBound)"
        case .unencodable(let reason): "the description of the tiles cannot be written: \(reason)"
        case .unusableAreas(let reason): "the outlines of the areas cannot be used: \(reason)"
        }
    }
}
