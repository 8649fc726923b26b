import ArgumentParser
import Foundation
internal import Server

/// The command line: reads arguments, puts the parts together, and maps failures to exit codes.
@main
struct Kompass: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kompass",
        abstract: "The geospatial service behind a state's network map.",
        discussion: """
            Exit codes: 0 good, 1 the data is bad, 2 usage, 70 internal.
            """,
        version: Program.version,
        subcommands: [
            LoadCommand.self, ImportCommand.self, CheckCommand.self, CoverageCommand.self, NearestCommand.self,
            RuralCommand.self, SitingCommand.self, ExportCommand.self, ServeCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withFailure: error)
        }
    }

    /// Says what went wrong on standard error and ends the program with the code that DESIGN section 5 gives it.
    private static func exit(withFailure error: any Error) -> Never {
        if let failure = Failure(error) {
            if !failure.message.isEmpty { StandardError.write("kompass: \(failure.message)\n") }
            Foundation.exit(failure.code.rawValue)
        }
        switch exitCode(for: error) {
        case .success:
            print(fullMessage(for: error))
            Foundation.exit(0)
        case .validationFailure:
            StandardError.write(fullMessage(for: error) + "\n")
            Foundation.exit(Failure.Code.usage.rawValue)
        default:
            StandardError.write("kompass: internal error: \(error)\n")
            Foundation.exit(Failure.Code.internal.rawValue)
        }
    }
}
