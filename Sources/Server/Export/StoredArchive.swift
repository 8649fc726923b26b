import Foundation

/// A ZIP archive whose members stand in it as they are (APPNOTE 6.3.9, method 0), written member by member with constant
/// memory. Equal members give equal bytes. Confined to one task.
final class StoredArchive {
    /// What cannot go into an archive of this kind.
    enum Failure: Error, CustomStringConvertible {
        /// Sizes and offsets have 32 bits.
        case tooLarge

        var description: String { "the archive would be larger than 4 GiB; take the collections one by one" }
    }

    private struct Member {
        let name: [UInt8]
        let checksum: UInt32
        let size: UInt32
        let offset: UInt32
    }

    private let handle: FileHandle
    private let day: UInt16
    private var members: [Member] = []
    private var offset = 0

    /// Makes the file, empty.
    ///
    /// - Parameter date: the day that stands for every member's time: year, month, day. None of the clock.
    init(path: String, date: (year: Int, month: Int, day: Int)) throws {
        try Data().write(to: URL(filePath: path))
        handle = try FileHandle(forWritingTo: URL(filePath: path))
        day = UInt16(max(0, min(127, date.year - 1980)) << 9 | date.month << 5 | date.day)
    }

    /// Appends a member; `write` hands its content out piece by piece.
    ///
    /// - Throws: `Failure.tooLarge`; what `write` throws.
    func append(_ name: String, _ write: (([UInt8]) throws -> Void) throws -> Void) throws {
        let start = offset
        var checksum = Checksum()
        var size = 0
        let name = Array(name.utf8)
        // The sizes are not known yet: the header is written again when they are.
        try handle.seek(toOffset: UInt64(start + 30 + name.count))
        try write { (piece: [UInt8]) in
            checksum.update(piece)
            size += piece.count
            guard start + size < Int(UInt32.max) - (1 << 20) else { throw Failure.tooLarge }
            try handle.write(contentsOf: piece)
        }
        let member = Member(name: name, checksum: checksum.value, size: UInt32(size), offset: UInt32(start))
        try handle.seek(toOffset: UInt64(start))
        try handle.write(contentsOf: header(member, isCentral: false))
        offset = start + 30 + name.count + size
        members.append(member)
    }

    /// Writes the directory and closes the file.
    func finish() throws {
        try handle.seek(toOffset: UInt64(offset))
        var directory: [UInt8] = []
        for member in members { directory += header(member, isCentral: true) }
        let (count, size) = (UInt16(members.count), UInt32(directory.count))
        directory += Self.bytes(UInt32(0x0605_4b50)) + Self.bytes(UInt16(0)) + Self.bytes(UInt16(0))
        directory += Self.bytes(count) + Self.bytes(count) + Self.bytes(size) + Self.bytes(UInt32(offset))
        directory += Self.bytes(UInt16(0))
        try handle.write(contentsOf: directory)
        try handle.close()
    }

    private func header(_ member: Member, isCentral: Bool) -> [UInt8] {
        var bytes = Self.bytes(UInt32(isCentral ? 0x0201_4b50 : 0x0403_4b50))
        // Made by and needs version 2.0; names are UTF-8; no compression; midnight of the day.
        if isCentral { bytes += Self.bytes(UInt16(20)) }
        bytes += Self.bytes(UInt16(20)) + Self.bytes(UInt16(0x0800)) + Self.bytes(UInt16(0))
        bytes += Self.bytes(UInt16(0)) + Self.bytes(day) + Self.bytes(member.checksum)
        bytes += Self.bytes(member.size) + Self.bytes(member.size)
        bytes += Self.bytes(UInt16(member.name.count)) + Self.bytes(UInt16(0))
        if isCentral {
            bytes += [UInt8](repeating: 0, count: 10) + Self.bytes(member.offset)
        }
        return bytes + member.name
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}

/// The checksum CRC-32 (ISO 3309, polynomial 0xEDB88320 reflected), as ZIP uses it.
struct Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
    }

    private var state: UInt32 = 0xffff_ffff

    /// The checksum of all bytes so far.
    var value: UInt32 { ~state }

    /// Takes further bytes. - Complexity: O(bytes)
    mutating func update(_ bytes: [UInt8]) {
        var state = state
        Self.table.withUnsafeBufferPointer { table in
            for byte in bytes { state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8 }
        }
        self.state = state
    }
}
