import NIOCore
import Synchronization

/// The bytes of an answer in each encoding, made once and cached.
///
/// They are compressed when the first client asks for it: those who take the bytes as they are do not pay for it.
struct Representation: Sendable {
    /// The media type, with its parameters.
    let mediaType: String
    /// The bytes as they are.
    let plain: ByteBuffer
    /// The tag of the plain bytes.
    let tag: EntityTag
    /// What it takes in a cache at most, in bytes.
    let cost: Int
    private let compression: Compression

    /// Below this many bytes compression costs more than it saves.
    private static let smallestCompressed = 512

    /// Takes the bytes of an answer.
    ///
    /// - Parameter tag: the tag where the bytes do not make it; nil gives the strong tag of the bytes.
    init(_ bytes: ByteBuffer, mediaType: String, tag: EntityTag? = nil, isCompressible: Bool = true) {
        self.mediaType = mediaType
        plain = bytes
        self.tag = tag ?? .strong(of: bytes.readableBytesView)
        let mayShrink = isCompressible && bytes.readableBytes >= Self.smallestCompressed
        cost = (mayShrink ? 2 : 1) * bytes.storageCapacity + 256
        compression = Compression(mayShrink ? .awaited : .without)
    }

    /// Whether `compress` has still to be called before `gzip` tells.
    var awaitsCompression: Bool { compression.isAwaited }

    /// Compresses the bytes where that is still to be done; who comes meanwhile waits for it. Call it off the event
    /// loops. - Complexity: O(n), once
    func compress() { compression.make(plain) }

    /// The compressed bytes; nil where they are not made, or would not be smaller.
    var gzip: ByteBuffer? { compression.bytes }
}

/// The compressed form of bytes, made at most once.
private final class Compression: Sendable {
    enum State: Sendable {
        /// Nobody has asked for it yet.
        case awaited
        /// The bytes stay as they are.
        case without
        case made(ByteBuffer)
    }

    private let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }

    var isAwaited: Bool { state.withLock { if case .awaited = $0 { true } else { false } } }

    var bytes: ByteBuffer? { state.withLock { if case .made(let bytes) = $0 { bytes } else { nil } } }

    func make(_ plain: ByteBuffer) {
        state.withLock { state in
            guard case .awaited = state else { return }
            let compressed = (try? Gzip.compress(plain)).flatMap { $0.readableBytes < plain.readableBytes ? $0 : nil }
            state = compressed.map { .made($0) } ?? .without
        }
    }
}
