import Testing

@testable import Server

@Suite struct PageCursorTests {
    @Test(arguments: [1, 35, 36, 100_000_000]) func roundTrip(offset: Int) {
        let cursor = PageCursor(version: "0123456789abcdef", offset: offset)
        #expect(PageCursor(cursor.description) == cursor)
    }

    @Test(arguments: [
        "", "-", "0123456789abcdef", "0123456789abcdef-", "0123456789abcdef-0", "0123456789abcdef--1",
        "0123456789abcdef-01", "0123456789ABCDEF-1", "0123456789abcdeg-1", "0123456789abcdef-1-1",
        "0123456789abcdef-zzzzzzzzzzzzzzzzzzzz", "0123456789abcdef-+1", "0123456789abcdef-A",
    ])
    func refusesTheRest(text: String) { #expect(PageCursor(text) == nil) }
}
