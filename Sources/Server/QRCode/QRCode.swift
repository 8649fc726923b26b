/// A QR code (ISO/IEC 18004:2015) of bytes at error correction level M: a fifteenth of it may be lost.
///
/// Byte mode in the smallest version that holds the data, the mask with the least penalty. A value; making it takes
/// milliseconds.
struct QRCode: Sendable, Equatable {
    /// The rows from the top, true where dark.
    let modules: [[Bool]]

    /// The modules of a side.
    var size: Int { modules.count }

    /// Encodes bytes; nil where they are more than version 40 holds (2331).
    init?(_ bytes: [UInt8]) {
        guard let version = QRVersion.smallest(for: bytes.count) else { return nil }
        let codewords = version.interleaved(version.dataCodewords(of: bytes))
        var grid = QRGrid(version)
        grid.place(codewords)
        modules = grid.masked()
    }

    /// The code as a drawing with the quiet zone of four modules around it that readers need.
    func svg(title: String) -> String {
        var html = HTMLText()
        let side = Double(size + 8)
        html.markup("<svg class=\"code\" role=\"img\" viewBox=\"0 0 ")
        html.number(side)
        html.markup(" ")
        html.number(side)
        html.markup("\" aria-label=\"")
        html.write(title)
        html.markup("\"><path class=\"code-ground\" d=\"M0 0h")
        html.number(side)
        html.markup("v")
        html.number(side)
        html.markup("H0z\"/><path class=\"code-dark\" d=\"")
        for (y, row) in modules.enumerated() {
            var x = 0
            while x < row.count {
                guard row[x] else {
                    x += 1
                    continue
                }
                let end = row[x...].firstIndex(of: false) ?? row.count
                html.markup("M")
                html.number(Double(x + 4))
                html.markup(" ")
                html.number(Double(y + 4))
                html.markup("h")
                html.number(Double(end - x))
                html.markup("v1h-")
                html.number(Double(end - x))
                html.markup("z")
                x = end
            }
        }
        html.markup("\"/></svg>")
        return html.text
    }
}
