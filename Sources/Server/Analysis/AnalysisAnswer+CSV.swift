import Analysis
import NetworkModel

extension AnalysisAnswer {
    /// The answer as CSV (RFC 4180, UTF-8, CRLF): a line of names, then the rows.
    ///
    /// What every figure carries (DOMAIN 6) stands in the last columns of each row, so that a row cut out of a
    /// spreadsheet can still be traced.
    var csv: [UInt8] {
        let constants: [(name: String, value: String)] = [
            ("definition", "\(definition.name) \(definition.version)"),
            ("parameters", String(decoding: account.parameters.bytes, as: UTF8.self)),
            ("data_version", account.dataVersion), ("base", account.base ?? ""),
            ("rate_base", account.rateBase ?? ""),
            (
                "data_dates",
                account.dataDates.flatMap { entry in entry.dates.map { "\(entry.name)=\($0)" } }.joined(separator: ";")
            ),
            ("date", account.date ?? ""),
            ("offers_matched", account.completeness.matched.description),
            ("offers_usable", account.completeness.usable.description),
            (
                "not_stated",
                account.completeness.fields.map { "\($0.field)=\($0.notStated)" }.joined(separator: ";")
            ),
            ("data_insufficient", account.completeness.isInsufficient.description),
            (
                "sources",
                (account.sources.compactMap { $0["title"]?.text } + [account.attribution]).joined(separator: "; ")
            ),
        ]
        var bytes: [UInt8] = []
        for (position, name) in (table.fields.map(\.name) + constants.map(\.name)).enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            CSVDialect.standard.append(name, to: &bytes)
        }
        bytes.append(ascii: "\r\n")
        var ending: [UInt8] = []
        for (_, value) in constants {
            ending.append(UInt8(ascii: ","))
            CSVDialect.standard.append(value, to: &ending)
        }
        ending.append(ascii: "\r\n")
        for row in 0..<table.count {
            for (position, column) in table.columns.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                CSVDialect.standard.append(column[row], to: &bytes)
            }
            bytes.append(contentsOf: ending)
        }
        return bytes
    }
}
