import Testing

@testable import Server

@Suite struct EntityTagTests {
    private let tag = EntityTag(opaque: "abc", isWeak: false)

    @Test(arguments: [
        "\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"x\",W/\"abc\" , \"y\"", "*", " * ", "\"a,b\", \"abc\"",
    ])
    func isNamed(field: String) { #expect(tag.isNamed(by: field)) }

    @Test(arguments: ["", "abc", "\"abcd\"", "\"ab", "W/\"\"", "\"abc-gz\"", "\"\"abc"])
    func isNotNamed(field: String) { #expect(!tag.isNamed(by: field)) }

    @Test func compressedBytesHaveAnotherStrongTag() {
        #expect(tag.gzipped.description == "\"abc-gz\"")
        #expect(EntityTag(opaque: "abc", isWeak: true).gzipped.description == "W/\"abc\"")
    }

    @Test func equalBytesHaveEqualTags() {
        #expect(EntityTag.strong(of: [1, 2]) == .strong(of: [1, 2]))
        #expect(EntityTag.strong(of: [1, 2]) != .strong(of: [2, 1]))
    }
}
