import NetworkModel

/// Where pages stand in a folder of files: the leading language at its root, each other one in a folder of its tag.
enum StaticPath {
    /// The map's page.
    static func map(in language: String) -> String { folder(of: language) + "index.html" }

    /// A public page; pictures are the same in all languages and stand at the root.
    static func page(_ page: PublicPage, in language: String) -> String {
        let folder = folder(of: language)
        return switch page {
        case .offer(let id): "\(folder)offers/\(name(id)).html"
        case .actor(let id): "\(folder)actors/\(name(id)).html"
        case .districts: "\(folder)districts.html"
        case .district(let key): "\(folder)districts/\(name(key)).html"
        case .sheet(let key): "\(folder)districts/\(name(key))/sheet.html"
        case .image(let key): "districts/\(name(key))/og.png"
        case .network: "\(folder)network.html"
        case .glossary: "\(folder)glossary.html"
        case .duty(let duty): "\(folder)\(duty.rawValue).html"
        // What a host says where nothing is, is its own affair.
        case .absent: map(in: language)
        }
    }

    /// An identifier as a file's name: small letters, digits and hyphens stay, every other byte is `=` and two
    /// hexadecimal digits. Two identifiers have two names, on file systems that know no case too, and no host decodes
    /// or hides any; `Tiles/js/pages.js` does the same.
    ///
    /// File systems take names of up to 255 bytes: what is longer is cut into pieces, each but the last one a folder, with
    /// a lone `=` behind it, which no other name ends with.
    static func name(_ id: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for byte in id.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        let pieces = stride(from: 0, to: bytes.count, by: longestPiece).map { start in
            String(decoding: bytes[start..<min(start + longestPiece, bytes.count)], as: UTF8.self)
        }
        return pieces.joined(separator: "=/")
    }

    /// The most bytes of a name: room is left for an ending, and for what a program appends while it copies.
    private static let longestPiece = 200

    /// How many folders below the root a file stands.
    static func depth(of path: String) -> Int { path.split(separator: "/").count - 1 }

    private static func folder(of language: String) -> String {
        language == Localized.languages[0] ? "" : "\(language)/"
    }
}
