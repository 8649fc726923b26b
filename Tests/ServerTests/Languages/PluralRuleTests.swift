import Testing

@testable import Server

/// The oracle is CLDR's own list of samples (`plurals.xml`, `@integer`).
@Suite struct PluralRuleTests {
    private static let samples: [(language: String, category: PluralCategory, counts: [Int])] = [
        ("de", .one, [1]), ("de", .other, [0, 2, 16, 100, 1000, 1_000_000]),
        ("de-simple", .one, [1]), ("de-simple", .other, [0, 2, 16]),
        ("en", .one, [1]), ("en", .other, [0, 2, 16, 100, 1000]),
        ("tr", .one, [1]), ("tr", .other, [0, 2, 16, 100]),
        ("vi", .other, [0, 1, 2, 15, 100, 1000]),
        ("fa", .one, [0, 1]), ("fa", .other, [2, 17, 100, 1000]),
        ("fr", .one, [0, 1]), ("fr", .many, [1_000_000, 2_000_000]), ("fr", .other, [2, 17, 100, 1000, 100_000]),
        ("ru", .one, [1, 21, 31, 41, 101, 1001]), ("ru", .few, [2, 3, 4, 22, 24, 32, 102, 1002]),
        ("ru", .many, [0, 5, 11, 12, 14, 19, 100, 111, 112, 1000]),
        ("uk", .one, [1, 21, 101]), ("uk", .few, [2, 4, 22, 64, 102]), ("uk", .many, [0, 5, 12, 19, 100, 1000]),
        ("pl", .one, [1]), ("pl", .few, [2, 3, 4, 22, 23, 24, 102, 1002]),
        ("pl", .many, [0, 5, 11, 12, 14, 19, 21, 31, 100, 101, 111, 1000]),
        ("ro", .one, [1]), ("ro", .few, [0, 2, 16, 19, 101, 119, 1001]), ("ro", .other, [20, 35, 100, 120, 1000]),
        ("ar", .zero, [0]), ("ar", .one, [1]), ("ar", .two, [2]), ("ar", .few, [3, 10, 103, 110, 1003]),
        ("ar", .many, [11, 26, 99, 111, 1011]), ("ar", .other, [100, 102, 200, 202, 1000, 1_000_000]),
    ]

    @Test func countsTakeTheFormsOfCLDR() {
        for (language, category, counts) in Self.samples {
            for count in counts {
                #expect(PluralRule(language: language).category(count) == category, "\(language) \(count)")
            }
        }
    }
}
