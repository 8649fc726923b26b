/// The modules of a QR code while it is drawn: function patterns first, then data, then the best mask.
struct QRGrid: Sendable {
    private let version: QRVersion
    private let size: Int
    private var modules: [[Bool]]
    /// Where function patterns are, which no mask changes.
    private var isFunction: [[Bool]]

    /// Draws the function patterns of a version (ISO/IEC 18004:2015, 6.3).
    init(_ version: QRVersion) {
        self.version = version
        size = version.size
        modules = Array(repeating: Array(repeating: false, count: size), count: size)
        isFunction = modules
        for position in 0..<size {
            set(6, position, position.isMultiple(of: 2))
            set(position, 6, position.isMultiple(of: 2))
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawFinder(x, y) }
        let centres = version.alignment
        for x in centres {
            for y in centres {
                // Not where the finders are.
                let isCorner =
                    (x == 6 || x == size - 7) && (y == 6 || y == size - 7) && !(x == size - 7 && y == size - 7)
                if !isCorner { drawAlignment(x, y) }
            }
        }
        drawFormat(mask: 0)
        drawVersion()
    }

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return }
        modules[y][x] = isDark
        isFunction[y][x] = true
    }

    private mutating func drawFinder(_ x: Int, _ y: Int) {
        for dy in -4...4 {
            for dx in -4...4 {
                let ring = max(abs(dx), abs(dy))
                set(x + dx, y + dy, ring != 2 && ring != 4)
            }
        }
    }

    private mutating func drawAlignment(_ x: Int, _ y: Int) {
        for dy in -2...2 {
            for dx in -2...2 { set(x + dx, y + dy, max(abs(dx), abs(dy)) != 1) }
        }
    }

    /// The level and the mask, twice, with their own protection (7.9); level M has the bits 00.
    private mutating func drawFormat(mask: Int) {
        var remainder = mask
        for _ in 0..<10 { remainder = remainder << 1 ^ (remainder >> 9) * 0x537 }
        let bits = (mask << 10 | remainder) ^ 0x5412
        let bit = { (position: Int) in bits >> position & 1 == 1 }
        for position in 0..<6 { set(8, position, bit(position)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for position in 9..<15 { set(14 - position, 8, bit(position)) }
        for position in 0..<8 { set(size - 1 - position, 8, bit(position)) }
        for position in 8..<15 { set(8, size - 15 + position, bit(position)) }
        set(8, size - 8, true)
    }

    /// The version, twice, from version 7 on (7.10).
    private mutating func drawVersion() {
        guard version.number >= 7 else { return }
        var remainder = version.number
        for _ in 0..<12 { remainder = remainder << 1 ^ (remainder >> 11) * 0x1f25 }
        let bits = version.number << 12 | remainder
        for position in 0..<18 {
            let isDark = bits >> position & 1 == 1
            set(size - 11 + position % 3, position / 3, isDark)
            set(position / 3, size - 11 + position % 3, isDark)
        }
    }

    /// Writes codewords into what is free, two columns at a time, up and down in turn (7.7.3).
    mutating func place(_ codewords: [UInt8]) {
        var position = 0
        var right = size - 1
        while right >= 1 {
            if right == 6 { right = 5 }
            for step in 0..<size {
                for x in [right, right - 1] {
                    let isUpward = (right + 1) & 2 == 0
                    let y = isUpward ? size - 1 - step : step
                    guard !isFunction[y][x], position < codewords.count * 8 else { continue }
                    modules[y][x] = codewords[position / 8] >> UInt8(7 - position % 8) & 1 == 1
                    position += 1
                }
            }
            right -= 2
        }
    }

    /// The modules under the mask with the least penalty; the first of equals.
    func masked() -> [[Bool]] {
        var best: (penalty: Int, modules: [[Bool]])?
        for mask in 0..<8 {
            var copy = self
            copy.apply(mask)
            copy.drawFormat(mask: mask)
            let penalty = copy.penalty
            if best.map({ penalty < $0.penalty }) ?? true { best = (penalty, copy.modules) }
        }
        return best?.modules ?? modules
    }

    private mutating func apply(_ mask: Int) {
        for y in 0..<size {
            for x in 0..<size where !isFunction[y][x] {
                let inverts =
                    switch mask {
                    case 0: (x + y) % 2 == 0
                    case 1: y % 2 == 0
                    case 2: x % 3 == 0
                    case 3: (x + y) % 3 == 0
                    case 4: (x / 3 + y / 2) % 2 == 0
                    case 5: x * y % 2 + x * y % 3 == 0
                    case 6: (x * y % 2 + x * y % 3) % 2 == 0
                    default: ((x + y) % 2 + x * y % 3) % 2 == 0
                    }
                if inverts { modules[y][x].toggle() }
            }
        }
    }

    /// How hard the modules are to read (7.8.3): runs, blocks, patterns like a finder, imbalance.
    private var penalty: Int {
        var result = 0
        var columns = modules
        for y in 0..<size {
            for x in 0..<size { columns[x][y] = modules[y][x] }
        }
        for line in modules + columns { result += Self.runs(line) + Self.finders(line) }
        for y in 0..<size - 1 {
            for x in 0..<size - 1 {
                let corner = modules[y][x]
                if corner == modules[y][x + 1], corner == modules[y + 1][x], corner == modules[y + 1][x + 1] {
                    result += 3
                }
            }
        }
        let dark = modules.reduce(0) { $0 + $1.count { $0 } }
        let total = size * size
        // Ten for each full twentieth that the dark share is away from a half.
        return result + abs(dark * 20 - total * 10) / total * 10
    }

    private static func runs(_ line: [Bool]) -> Int {
        var result = 0
        var length = 1
        for position in 1...line.count {
            if position < line.count, line[position] == line[position - 1] {
                length += 1
            } else {
                if length >= 5 { result += length - 2 }
                length = 1
            }
        }
        return result
    }

    /// Forty for each 1:1:3:1:1 with four light modules before or after it.
    private static func finders(_ line: [Bool]) -> Int {
        let pattern = [true, false, true, true, true, false, true]
        guard line.count >= 7 else { return 0 }
        var result = 0
        for start in 0...line.count - 7 where line[start..<start + 7].elementsEqual(pattern) {
            let before = line[max(0, start - 4)..<start]
            let after = line[(start + 7)..<min(line.count, start + 11)]
            if !before.contains(true) || !after.contains(true) { result += 40 }
        }
        return result
    }
}
