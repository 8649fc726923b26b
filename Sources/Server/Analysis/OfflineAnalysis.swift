import HTTPTypes
public import NetworkModel

/// Answers analytical questions without a server: the same parameters, the same refusals and the same bytes as the
/// routes under `/api`, but without links.
public struct OfflineAnalysis: Sendable {
    /// What can be asked.
    public enum Subject: Sendable, Hashable {
        /// The figures of areas, as at `/api/coverage`.
        case coverage
        /// The nearest offers of a point, as at `/api/nearest`.
        case nearest
        /// Where further offers would help most, as at `/api/siting`.
        case siting
    }

    /// The forms of an answer.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// Some of the columns, rounded, for reading.
        case table
        /// RFC 4180.
        case csv
        /// One object.
        case json
        /// A FeatureCollection (RFC 7946).
        case geojson
    }

    /// An answer.
    public enum Output: Sendable {
        /// As it is written to a file.
        case bytes([UInt8])
        /// As it is laid out for reading.
        case plain(PlainAnswer)
    }

    private let analyst: Analyst

    /// Takes the data.
    public init(_ snapshot: Snapshot) { analyst = Analyst(snapshot) }

    /// Answers a question. Blocks for as long as it takes.
    ///
    /// - Parameters:
    ///   - parameters: names and values as in a query; a name that stands twice is refused.
    ///   - language: the language of the titles in a plain answer, `de` or `en`.
    /// - Throws: `AnalysisRefusal`.
    public func answer(
        _ subject: Subject, parameters: [(name: String, value: String)], form: Form, language: String = "de"
    ) throws(AnalysisRefusal) -> Output {
        let question: AnalyticalQuestion =
            switch subject {
            case .coverage: .coverage
            case .nearest: .nearest
            case .siting: .siting
            }
        do {
            let query = QueryParameters(parameters)
            try query.require(only: question.parameters.map(\.name))
            let answer = try analyst.answer(AnalyticalQuery(question, query))
            return switch form {
            case .table: .plain(PlainAnswer(answer, language: language))
            case .csv: .bytes(answer.csv)
            case .json: .bytes(answer.json())
            case .geojson: .bytes(answer.geoJSON())
            }
        } catch let problem as Problem {
            throw AnalysisRefusal(message: problem.detail, isUsage: problem.status.kind == .clientError)
        } catch {
            throw AnalysisRefusal(message: "\(error)", isUsage: false)
        }
    }
}

/// Why a question is not answered.
public struct AnalysisRefusal: Error, Sendable, Hashable {
    /// What is wrong and what would be right.
    public let message: String
    /// Whether the question is at fault; else the data are.
    public let isUsage: Bool
}
