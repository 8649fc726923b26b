/// The layout of a QR code of a size: how many codewords it holds and how they are protected, at level M.
struct QRVersion: Sendable {
    /// 1 to 40.
    let number: Int

    /// ISO/IEC 18004:2015 table 9, level M: error correction codewords of a block, for versions 1 to 40.
    private static let correctionPerBlock = [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ]
    /// ISO/IEC 18004:2015 table 9, level M: blocks, for versions 1 to 40.
    private static let blockCounts = [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31,
        33, 35, 37, 38, 40, 43, 45, 47, 49,
    ]

    /// The smallest version that holds some bytes in byte mode; nil where none does.
    static func smallest(for count: Int) -> QRVersion? {
        (1...40).lazy.map { QRVersion(number: $0) }.first { $0.bitsOfHeader + count * 8 <= $0.dataCapacity * 8 }
    }

    /// The modules of a side.
    var size: Int { number * 4 + 17 }

    /// The mode indicator and the count of bytes.
    private var bitsOfHeader: Int { 4 + (number < 10 ? 8 : 16) }

    private var blocks: Int { Self.blockCounts[number - 1] }
    private var correction: Int { Self.correctionPerBlock[number - 1] }
    private var dataCapacity: Int { capacity - blocks * correction }

    /// The rows and columns in which alignment patterns have their centres, ascending.
    var alignment: [Int] {
        guard number > 1 else { return [] }
        let count = number / 7 + 2
        let last = size - 7
        // Even steps counted from the far side; version 32 departs from the rule in the standard's table.
        let step = number == 32 ? 26 : (number * 4 + count * 2 + 1) / (count * 2 - 2) * 2
        return [6] + (0..<count - 1).map { last - $0 * step }.reversed()
    }

    /// All codewords: the modules that are left beside the function patterns, in bytes.
    private var capacity: Int {
        var modules = (16 * number + 128) * number + 64
        if number >= 2 {
            let count = number / 7 + 2
            modules -= (25 * count - 10) * count - 55
            if number >= 7 { modules -= 36 }
        }
        return modules / 8
    }

    /// The data with header, terminator and padding.
    func dataCodewords(of bytes: [UInt8]) -> [UInt8] {
        var bits = QRBits()
        bits.append(0b0100, count: 4)
        bits.append(bytes.count, count: number < 10 ? 8 : 16)
        for byte in bytes { bits.append(Int(byte), count: 8) }
        bits.append(0, count: min(4, dataCapacity * 8 - bits.count))
        bits.append(0, count: (8 - bits.count % 8) % 8)
        var result = bits.bytes
        while result.count < dataCapacity {
            result.append(result.count.isMultiple(of: 2) == (bits.count / 8).isMultiple(of: 2) ? 0xec : 0x11)
        }
        return result
    }

    /// The data in blocks with their error correction, taken turn by turn.
    func interleaved(_ data: [UInt8]) -> [UInt8] {
        let short = data.count / blocks
        let longBlocks = data.count % blocks
        let field = ReedSolomon(degree: correction)
        var parts: [(data: ArraySlice<UInt8>, correction: [UInt8])] = []
        var start = 0
        for block in 0..<blocks {
            let end = start + short + (block >= blocks - longBlocks ? 1 : 0)
            parts.append((data[start..<end], field.remainder(of: data[start..<end])))
            start = end
        }
        var result: [UInt8] = []
        for position in 0...short {
            for part in parts where position < part.data.count {
                result.append(part.data[part.data.startIndex + position])
            }
        }
        for position in 0..<correction {
            for part in parts { result.append(part.correction[position]) }
        }
        return result
    }
}

/// Bits written from the highest of each byte.
private struct QRBits {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ value: Int, count bits: Int) {
        for bit in stride(from: bits - 1, through: 0, by: -1) {
            if count.isMultiple(of: 8) { bytes.append(0) }
            if value >> bit & 1 == 1 { bytes[count / 8] |= 0x80 >> UInt8(count % 8) }
            count += 1
        }
    }
}

/// Reed–Solomon codes over GF(256) with the polynomial x⁸+x⁴+x³+x²+1, as QR codes use them.
struct ReedSolomon: Sendable {
    private let generator: [UInt8]

    /// Makes the code with a number of check bytes.
    init(degree: Int) {
        var generator: [UInt8] = Array(repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for position in 0..<degree {
                generator[position] = Self.product(generator[position], root)
                if position + 1 < degree { generator[position] ^= generator[position + 1] }
            }
            root = Self.product(root, 2)
        }
        self.generator = generator
    }

    /// The check bytes of some data. - Complexity: O(data × degree)
    func remainder(of data: some Sequence<UInt8>) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: generator.count)
        for byte in data {
            let factor = byte ^ result[0]
            result.removeFirst()
            result.append(0)
            for position in result.indices { result[position] ^= Self.product(generator[position], factor) }
        }
        return result
    }

    private static func product(_ a: UInt8, _ b: UInt8) -> UInt8 {
        var result = 0
        for bit in stride(from: 7, through: 0, by: -1) {
            result = result << 1 ^ (result >> 7) * 0x11d
            result ^= Int(b) >> bit & 1 * Int(a)
        }
        return UInt8(truncatingIfNeeded: result)
    }
}
