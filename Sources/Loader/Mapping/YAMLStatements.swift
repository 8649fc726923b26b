import Foundation
import Yams

/// The statements of one YAML mapping, each asked for by name; what nobody asked for is an error that names its line.
struct YAMLStatements {
    let file: String
    let line: Int?
    private let statements: [String: Node]

    /// Reads a file's only document. - Throws: `LoaderError` for a missing file, broken YAML or another root.
    init(file url: URL, name: String) throws(LoaderError) {
        try self.init(text: Self.text(of: url, name: name), name: name)
    }

    /// The text of a YAML file.
    static func text(of url: URL, name: String) throws(LoaderError) -> String {
        do {
            return try String(contentsOf: url, encoding: .utf8)
        } catch {
            guard FileManager.default.fileExists(atPath: url.path) else { throw .missingFile(file: url.path) }
            throw .unreadableFile(file: name, reason: "it is not a readable file of UTF-8 text")
        }
    }

    init(text: String, name: String) throws(LoaderError) {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch {
            throw .mapping(file: name, line: nil, field: nil, reason: "not valid YAML: \(error)")
        }
        guard let node else { throw .mapping(file: name, line: nil, field: nil, reason: "the file is empty") }
        try self.init(node, file: name)
    }

    init(_ node: Node, file: String) throws(LoaderError) {
        guard case .mapping(let mapping) = node else {
            throw .mapping(
                file: file, line: node.mark?.line, field: nil, reason: "expected statements of the form 'name: value'")
        }
        self.file = file
        line = node.mark?.line
        var statements: [String: Node] = [:]
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                throw .mapping(file: file, line: key.mark?.line, field: nil, reason: "a name must be a plain text")
            }
            guard statements.updateValue(value, forKey: scalar.string) == nil else {
                throw .mapping(file: file, line: key.mark?.line, field: scalar.string, reason: "is stated twice")
            }
        }
        self.statements = statements
    }

    var names: [String] { statements.keys.sorted() }

    /// - Throws: the first statement, in byte order, that is none of the known ones.
    func requireOnly(_ known: Set<String>) throws(LoaderError) {
        guard let unknown = names.first(where: { !known.contains($0) }) else { return }
        throw error(unknown, "is not known here; known are: \(known.sorted().joined(separator: ", "))")
    }

    func error(_ name: String, _ reason: String) -> LoaderError {
        .mapping(file: file, line: statements[name]?.mark?.line ?? line, field: name, reason: reason)
    }

    func has(_ name: String) -> Bool { statements[name] != nil }

    /// A scalar's text as written (so that `01234` stays a text with its zero); nil where there is none or it is null.
    func text(_ name: String) throws(LoaderError) -> String? {
        switch statements[name] {
        case nil: return nil
        case .scalar(let scalar):
            return scalar.style == .plain && ["", "~", "null"].contains(scalar.string) ? nil : scalar.string
        default: throw error(name, "must be a single value")
        }
    }

    func required(_ name: String) throws(LoaderError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw error(name, "is missing") }
        return text
    }

    func integer(_ name: String) throws(LoaderError) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), number >= 0 else { throw error(name, "'\(text)' is not a whole number from 0") }
        return number
    }

    func flag(_ name: String) throws(LoaderError) -> Bool? {
        switch try text(name) {
        case nil: return nil
        case "true", "yes": return true
        case "false", "no": return false
        case let text?: throw error(name, "'\(text)' is neither true nor false")
        }
    }

    func list(_ name: String) throws(LoaderError) -> [String] {
        switch statements[name] {
        case nil: return []
        case .sequence(let sequence):
            var texts: [String] = []
            for node in sequence {
                guard case .scalar(let scalar) = node else { throw error(name, "must be a list of single values") }
                texts.append(scalar.string)
            }
            return texts
        default: throw error(name, "must be a list: [a, b]")
        }
    }

    func nodes(_ name: String) throws(LoaderError) -> [Node] {
        switch statements[name] {
        case nil: return []
        case .sequence(let sequence): return Array(sequence)
        default: throw error(name, "must be a list")
        }
    }

    func statements(_ name: String) throws(LoaderError) -> YAMLStatements? {
        guard let node = statements[name] else { return nil }
        return try YAMLStatements(node, file: file)
    }

    /// A value that is either a single text or statements of its own.
    func textOrStatements(_ name: String) throws(LoaderError) -> (text: String?, statements: YAMLStatements?) {
        if case .mapping? = statements[name] { return (nil, try statements(name)) }
        return (try text(name), nil)
    }
}
