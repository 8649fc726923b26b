internal import Analysis
internal import Foundation
internal import Geometry
internal import Loader
internal import NetworkModel
internal import Server
internal import Store
internal import VectorTiles

/// A failure that is told to the user in one message and one exit code.
struct Failure: Error {
    /// The exit codes of the command line.
    enum Code: Int32 {
        /// The data is bad, or a file cannot be read or written.
        case data = 1
        /// The command line or a mapping is wrong.
        case usage = 2
        /// Kompass itself is at fault.
        case `internal` = 70
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What an error of one of the parts means on the command line; nil for an error that nobody foresaw.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as LoaderError: self.init(error.isUsage ? .usage : .data, error.description)
        case let error as StoreError:
            switch error {
            case .missing, .regionIsAPack: self.init(.usage, error.description)
            default: self.init(.data, error.description)
            }
        case let error as AnalysisError: self.init(.data, error.description)
        case let error as ServerError:
            switch error {
            case .invalidPublicURL: self.init(.usage, error.description)
            default: self.init(.data, error.description)
            }
        case let error as AnalysisRefusal: self.init(error.isUsage ? .usage : .data, error.message)
        case let error as FilterError: self.init(.usage, error.description)
        case let error as TileError:
            switch error {
            case .unknownLayer, .zoomNotServed: self.init(.usage, error.description)
            default: self.init(.data, error.description)
            }
        case let error as ExportError: self.init(.data, error.description)
        case let error as StaticExportError: self.init(error.isUsage ? .usage : .data, error.description)
        case let error as GeometryError: self.init(.data, error.description)
        default: return nil
        }
    }
}

/// Standard error, where progress and failures go, so that standard output is the result alone.
enum StandardError {
    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Whether a person is watching: in a pipe nothing but failures is written.
    static var isTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) == 1 }
}
