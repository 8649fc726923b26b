/// A JSON document with its members in a fixed order: equal documents have equal bytes.
///
/// For documents of modest size (landing pages, styles, OpenAPI); features are written by `FeatureWriter`.
enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A finite number; anything else is written as null, which JSON has no number for.
    case real(Double)
    /// A number as a file spells it.
    case literal(String)
    case string(String)
    case array([JSON])
    case object([(String, JSON)])

    /// The member with a name, where this is an object that has one.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    /// The members, where this is an object.
    var members: [(String, JSON)] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The elements, where this is an array.
    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The text, where this is one.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The object with a member set, in its old place or at the end.
    func setting(_ name: String, to value: JSON) -> JSON {
        var members = members
        if let position = members.firstIndex(where: { $0.0 == name }) {
            members[position].1 = value
        } else {
            members.append((name, value))
        }
        return .object(members)
    }

    /// The document as UTF-8 without blanks.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        write(into: &result)
        return result
    }

    /// Appends the document.
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(ascii: "null")
        case .bool(let value): bytes.append(ascii: value ? "true" : "false")
        case .integer(let value): bytes.append(ascii: value.description)
        case .real(let value): bytes.append(json: value)
        case .literal(let spelling): bytes.append(contentsOf: spelling.utf8)
        case .string(let value): bytes.append(json: value)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(json: member.0)
                bytes.append(UInt8(ascii: ":"))
                member.1.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
}
