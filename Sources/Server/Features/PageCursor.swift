/// Where a walk through a collection goes on: the data version and the number of features already given.
///
/// Rows of a version stand in one fixed order, so an offset into them is stable: no feature twice, none left out.
/// Under another version it would mean something else; the version in the cursor tells.
struct PageCursor: Hashable, Sendable, CustomStringConvertible {
    /// The data version that the walk began with.
    let version: String
    /// How many features of the selection have been given.
    let offset: Int

    /// More features than any collection has: what is beyond is no cursor of ours, and nothing can be added to it.
    private static let largestOffset = 1 << 40

    /// As it stands in links; clients take it as it is.
    var description: String { "\(version)-\(String(offset, radix: 36))" }

    init(version: String, offset: Int) {
        self.version = version
        self.offset = offset
    }

    /// Reads a cursor; nil where the text is none.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 16,
            parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let offset = Int(parts[1], radix: 36), (1...Self.largestOffset).contains(offset),
            String(offset, radix: 36) == parts[1]
        else { return nil }
        self.init(version: String(parts[0]), offset: offset)
    }
}
