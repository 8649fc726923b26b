import NIOCore

/// The bytes of an answer in each encoding, made once and cached.
struct Representation: Sendable {
    /// The media type, with its parameters.
    let mediaType: String
    /// The bytes as they are.
    let plain: ByteBuffer
    /// The same compressed, where that makes them smaller.
    let gzip: ByteBuffer?
    /// The tag of the plain bytes.
    let tag: EntityTag

    /// Below this many bytes compression costs more than it saves.
    private static let smallestCompressed = 512

    /// Takes the bytes of an answer and compresses them. Call it off the event loops.
    ///
    /// - Parameter tag: the tag where the bytes do not make it; nil gives the strong tag of the bytes.
    init(_ bytes: ByteBuffer, mediaType: String, tag: EntityTag? = nil, isCompressible: Bool = true) {
        self.mediaType = mediaType
        plain = bytes
        self.tag = tag ?? .strong(of: bytes.readableBytesView)
        let compressed =
            isCompressible && bytes.readableBytes >= Self.smallestCompressed ? try? Gzip.compress(bytes) : nil
        gzip = compressed.flatMap { $0.readableBytes < bytes.readableBytes ? $0 : nil }
    }

    /// What it takes in a cache, in bytes: all that its buffers hold, and what stands around them.
    var cost: Int { plain.storageCapacity + (gzip?.storageCapacity ?? 0) + 256 }
}
