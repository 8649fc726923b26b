internal import NetworkModel
internal import Server
internal import Store

/// Writes a collection to a file.
struct CollectionExport {
    let collection: String
    let parameters: [(name: String, value: String)]
    let form: OfflineExport.Form
    let output: String

    /// Writes the file; it stands under its name only when it is whole.
    func write(_ snapshot: Snapshot) throws {
        let file = try UnfinishedFile(for: output)
        let count = try OfflineExport(snapshot).write(collection, parameters: parameters, form: form) { bytes in
            try file.append(bytes)
        }
        try file.publish()
        if StandardError.isTerminal { StandardError.write("\(output): \(count) features\n") }
    }
}
