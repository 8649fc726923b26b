import Foundation

/// Answers `tools/bench/core`: reads one request per line, runs it once and prints one line of JSON with its seconds
/// and the values by which the driver sees that both sides did the same work.
///
///     nearest cells=cells_2m.npy offers=offers_100k.npy
///     {"checks":{"mean_m":427.9},"seconds":0.31}
///
/// Reading and preparing the inputs is not timed; inputs are kept from one request to the next. The end of the input
/// ends the program.
@main
struct KompassBench {
    private struct Answer: Encodable {
        var seconds: Double?
        var checks: [String: Double]?
        var error: String?
    }

    static func main() throws {
        let inputs = Inputs()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        while let line = readLine() {
            var answer = Answer()
            do {
                let request = try Request(line)
                guard let prepare = tasks[request.task] else { throw BenchError("unknown task: \(request.task)") }
                let work = try prepare(request, inputs)
                let clock = ContinuousClock()
                let start = clock.now
                answer.checks = try work()
                answer.seconds = (clock.now - start) / .seconds(1)
            } catch {
                answer.error = "\(error)"
            }
            print(String(decoding: try encoder.encode(answer), as: UTF8.self))
            fflush(nil)
        }
    }

    /// Prepares a request, untimed, and gives the work that is timed.
    typealias Task = @Sendable (Request, Inputs) throws -> () throws -> [String: Double]

    private static let tasks: [String: Task] = [
        "pip": PointInPolygonTask.prepare,
        "nearest": NearestTask.prepare,
        "share": DiscsTask.prepare,
        "gaps": DiscsTask.prepare,
        "catchment": CatchmentTask.prepare,
        "figures": FiguresTask.prepare,
    ]
}

/// A request: a task and its parameters, `name=value` between blanks.
struct Request {
    let task: String
    private let parameters: [String: String]

    init(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        guard let task = words.first else { throw BenchError("an empty request") }
        self.task = task
        parameters = Dictionary(
            words.dropFirst().map { word in
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            },
            uniquingKeysWith: { _, last in last })
    }

    func text(_ name: String) throws -> String {
        guard let value = parameters[name] else { throw BenchError("\(task) needs \(name)=") }
        return value
    }

    func optional(_ name: String) -> String? { parameters[name] }

    func number(_ name: String) throws -> Double {
        guard let value = Double(try text(name)) else { throw BenchError("\(name)= is not a number") }
        return value
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
