internal import Foundation
internal import NetworkModel
internal import Server

/// Writes a collection to a file.
struct CollectionExport {
    let collection: String
    let parameters: [(name: String, value: String)]
    let form: OfflineExport.Form
    let output: String

    /// Writes the file; it stands under its name only when it is whole.
    func write(_ snapshot: Snapshot) throws {
        let target = URL(filePath: output)
        let export = OfflineExport(snapshot)
        let partial = target.appendingPathExtension("partial")
        var handle: FileHandle?
        do {
            let count = try export.write(collection, parameters: parameters, form: form) { bytes in
                if handle == nil {
                    try Data().write(to: partial)
                    handle = try FileHandle(forWritingTo: partial)
                }
                try handle?.write(contentsOf: Data(bytes))
            }
            try handle?.close()
            guard rename(partial.path, target.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
            if StandardError.isTerminal { StandardError.write("\(output): \(count) features\n") }
        } catch let error as CocoaError {
            try? FileManager.default.removeItem(at: partial)
            throw Failure(.data, "\(output): cannot be written (\(error.localizedDescription))")
        }
    }
}
