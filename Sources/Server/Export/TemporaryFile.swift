import Analysis
import Foundation
import Hummingbird
import NIOCore

/// A file that is made before it is sent, in a folder of its own, and is gone when nobody holds this any more.
final class TemporaryFile: Sendable {
    /// Where the file is to be made.
    let path: String
    private let folder: URL

    /// Makes the folder.
    ///
    /// - Throws: what the file system says.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("kompass-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = folder.appendingPathComponent("export").path
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A piece of the file; empty behind its end. Blocks.
    func read(from offset: Int, upTo size: Int) throws -> Data {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        return try handle.read(upToCount: size) ?? Data()
    }

    /// Hands the file out in pieces. Blocks.
    func forEachPiece(of size: Int = 1 << 20, _ body: (Data) throws -> Void) throws {
        var offset = 0
        while case let piece = try read(from: offset, upTo: size), !piece.isEmpty {
            try body(piece)
            offset += piece.count
        }
    }
}

extension Site {
    /// The size of the pieces in which files are sent.
    private static let filePiece = 1 << 20

    /// Sends a file that is made first; its maker is told when the client has gone.
    func stream(
        for client: ClientPresence, _ make: @escaping @Sendable (_ path: String, Cancellation) throws -> Void
    ) -> Answer.BodyStream {
        { [workers, analysts] writer in
            let file = try TemporaryFile()
            try await analysts.run(for: client) { cancellation in try make(file.path, cancellation) }
            var offset = 0
            while true {
                let start = offset
                let piece = try await workers.run { try file.read(from: start, upTo: Self.filePiece) }
                guard !piece.isEmpty else { break }
                offset += piece.count
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
    }
}
