import NetworkModel

extension Condition {
    /// The condition that a field has the value that a query states by a parameter of the field's own name; a list has
    /// it among its values.
    ///
    /// Made by way of CQL2 JSON, in which no value can be mistaken for anything else.
    /// - Throws: `FilterError.invalidValue` for a text that is no value of the field's type.
    init(_ field: Field, equals text: String) throws(FilterError) {
        func refusal(_ expected: String) -> FilterError {
            .invalidValue(parameter: field.name, value: text, expected: expected)
        }
        guard !text.isEmpty else { throw refusal("a value") }
        let property: JSON = ["property": .string(field.name)]
        let tree: JSON
        switch field.type {
        case .text, .code: tree = ["op": "=", "args": [property, .string(text)]]
        case .codeList: tree = ["op": "a_contains", "args": [property, [.string(text)]]]
        case .integer, .real:
            let isDecimal = text.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) }
            guard isDecimal, let number = Double(text), number.isFinite else { throw refusal("a number") }
            tree = ["op": "=", "args": [property, Int(text).map(JSON.integer) ?? .real(number)]]
        case .boolean:
            guard text == "true" || text == "false" else { throw refusal("true or false") }
            tree = ["op": "=", "args": [property, .bool(text == "true")]]
        case .timestamp:
            var stated = text
            let instant = stated.withUTF8 { TimestampText.milliseconds(utf8: $0) }.flatMap(TimestampText.text)
            guard let instant else { throw refusal("an instant such as 2024-06-30T12:00:00Z") }
            tree = ["op": "=", "args": [property, ["timestamp": .string(instant)]]]
        case .date:
            guard let day = ReducedDate(text), day.day != nil else { throw refusal("a day such as 2024-06-30") }
            tree = ["op": "=", "args": [property, ["date": .string(text)]]]
        }
        try self.init(String(decoding: tree.bytes, as: UTF8.self), parameter: field.name, encoding: .json)
    }
}
