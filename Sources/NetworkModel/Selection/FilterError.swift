/// What is wrong with a parameter of the filter grammar.
public enum FilterError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The grammar has no such parameter here.
    case unknownParameter(String, known: [String])
    /// A parameter is given more than once.
    case repeatedParameter(String)
    /// A value cannot be read.
    case invalidValue(parameter: String, value: String, expected: String)
    /// A value is well formed but known neither to the vocabulary nor to the data.
    case unknownValue(parameter: String, value: String, known: [String])

    /// A condition in CQL2 cannot be read or used; the message says what and where.
    case invalidExpression(parameter: String, message: String)
    /// Nobody wants the result any more; no fault of the condition.
    case cancelled(parameter: String)

    /// The parameter in question.
    public var parameter: String {
        switch self {
        case .unknownParameter(let name, _), .repeatedParameter(let name), .invalidValue(let name, _, _),
            .unknownValue(let name, _, _), .invalidExpression(let name, _),
            .cancelled(let name):
            name
        }
    }

    /// What is wrong and what would be right, for people.
    public var description: String {
        switch self {
        case .unknownParameter(let name, let known):
            "unknown parameter '\(name)'; known here: \(known.joined(separator: ", "))"
        case .repeatedParameter(let name):
            "parameter '\(name)' is given more than once; several values of one field are a comma list"
        case .invalidValue(let name, let value, let expected):
            "parameter '\(name)' has the value '\(value.prefix(80))'; expected \(expected)"
        case .invalidExpression(let name, let message): "parameter '\(name)': \(message)"
        case .cancelled(let name): "parameter '\(name)': the question was withdrawn"
        case .unknownValue(let name, let value, let known):
            "parameter '\(name)': '\(value.prefix(80))' is not known; known: \(Self.listed(known))"
        }
    }

    private static func listed(_ values: [String]) -> String {
        values.count <= 60
            ? values.joined(separator: ", ")
            : values.prefix(60).joined(separator: ", ") + " and \(values.count - 60) more"
    }
}
