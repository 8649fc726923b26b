import NetworkModel

extension AnalysisAnswer {
    /// The answer as one JSON object: what it means and rests on, the columns, then the rows.
    ///
    /// - Parameter links: the member `links`, where the answer comes from a server.
    func json(links: JSON? = nil) -> [UInt8] {
        var bytes = opening(head + [("columns", .array(table.fields.map(\.answerJSON)))], member)
        for row in 0..<table.count {
            if row > 0 { bytes.append(UInt8(ascii: ",")) }
            table.writer.writeProperties(row, into: &bytes)
        }
        bytes.close(links)
        return bytes
    }

    /// The answer as a FeatureCollection (RFC 7946) with the other members as foreign ones.
    func geoJSON(links: JSON? = nil) -> [UInt8] {
        var bytes = opening([("type", "FeatureCollection")] + head, "features")
        for row in 0..<table.count {
            if row > 0 { bytes.append(UInt8(ascii: ",")) }
            table.writer.write(row, into: &bytes)
        }
        bytes.close(links)
        return bytes
    }

    /// An object up to the beginning of the list that is its last member.
    private func opening(_ members: [(String, JSON)], _ list: String) -> [UInt8] {
        var bytes = JSON.object(members).bytes
        bytes.removeLast()
        bytes.append(ascii: ",")
        bytes.append(json: list)
        bytes.append(ascii: ":[")
        return bytes
    }
}

extension [UInt8] {
    /// Ends the list and the object, the links between them.
    fileprivate mutating func close(_ links: JSON?) {
        append(UInt8(ascii: "]"))
        if let links {
            append(ascii: ",\"links\":")
            links.write(into: &self)
        }
        append(UInt8(ascii: "}"))
    }
}

extension Field {
    /// The field as the member `columns` describes it.
    fileprivate var answerJSON: JSON {
        [
            "name": .string(name), "type": .string(answerType), "unit": unit.map(JSON.string) ?? .null,
            "title": Localized(de: titleDE, en: titleEN).json,
        ]
    }

    private var answerType: String {
        switch type {
        case .text, .code: "string"
        case .codeList: "strings"
        case .integer: "integer"
        case .real: "number"
        case .date: "date"
        case .boolean: "boolean"
        case .timestamp: "date-time"
        }
    }
}
