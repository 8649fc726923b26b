internal import ArgumentParser
internal import Store

/// `kompass check FILE`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a project file: structure, references, places, dates.",
        discussion: """
            Exit code 1 where something is wrong; warnings alone do not change it.

              kompass check kompass.gpkg
            """
    )

    @Argument(help: "The project file.", completion: .file(extensions: ["gpkg"]))
    var project: String

    func run() throws {
        let check = try ProjectCheck(ProjectFile(path: project))
        for finding in check.findings { print("\(finding.severity.rawValue): \(finding.table): \(finding.message)") }
        let errors = check.findings.count { $0.severity == .error }
        print("\(errors) errors, \(check.findings.count - errors) warnings")
        if check.hasErrors { throw Failure(.data, "") }
    }
}
