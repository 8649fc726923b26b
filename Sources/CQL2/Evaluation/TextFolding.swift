internal import Foundation

/// The two normalisations of strings, `CASEI` and `ACCENTI`.
enum TextFolding {
    /// Without the difference of upper and lower case: each scalar in capitals, then in small letters, so that
    /// `Straße` and `STRASSE`, `ς` and `Σ` become the same.
    static func withoutCase(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        var folded = ""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                folded.unicodeScalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
            } else {
                for capital in scalar.properties.uppercaseMapping.unicodeScalars {
                    folded += capital.properties.lowercaseMapping
                }
            }
        }
        return folded
    }

    /// Without diacritics: canonically decomposed (Unicode normalization form D), the marks left out, and letters with
    /// a stroke or ligature, which have no decomposition, written with the letters of ASCII.
    ///
    /// Marks that tell letters apart stay: the Japanese voicing marks, as the standard recommends
    /// (`/rec/accent-insensitive-comparison/japanese-non-spacing-marks`), nuktas and viramas.
    static func withoutAccents(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var folded = ""
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar.properties.generalCategory == .nonspacingMark {
                switch scalar.properties.canonicalCombiningClass.rawValue {
                // Not reordered: vowel signs of Indic scripts. 7 nukta, 8 kana voicing, 9 virama.
                case 0, 7, 8, 9: folded.unicodeScalars.append(scalar)
                default: break
                }
            } else if let letters = ascii(scalar) {
                folded += letters
            } else {
                folded.unicodeScalars.append(scalar)
            }
        }
        // Composed again, so that what keeps its marks counts as one character in LIKE.
        return folded.precomposedStringWithCanonicalMapping
    }

    /// The letters of Latin-1 and Latin Extended-A without a canonical decomposition, as CLDR's Latin-ASCII has them.
    private static func ascii(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "Ø": "O"
        case "ø": "o"
        case "Ł": "L"
        case "ł": "l"
        case "Đ", "Ð": "D"
        case "đ", "ð": "d"
        case "Ħ": "H"
        case "ħ": "h"
        case "Ŧ": "T"
        case "ŧ": "t"
        case "ı": "i"
        case "ĸ": "q"
        case "Ŋ": "N"
        case "ŋ": "n"
        case "Æ": "AE"
        case "æ": "ae"
        case "Œ": "OE"
        case "œ": "oe"
        case "Þ": "TH"
        case "þ": "th"
        case "ß": "ss"
        case "ẞ": "SS"
        case "ſ": "s"
        default: nil
        }
    }
}
