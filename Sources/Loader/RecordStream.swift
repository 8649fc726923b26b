import Foundation
public import NetworkModel

/// The records of one input, batch by batch; while the caller stores a batch, the next one is made.
///
/// One caller asks for batches, one after the other.
public actor RecordStream {
    private let producer: RecordProducer
    private var pending: Task<Result<Table?, LoaderError>, Never>?

    init(_ producer: RecordProducer) { self.producer = producer }

    /// The next records, at most about 16,000; nil behind the last ones.
    ///
    /// - Throws: `LoaderError` where the file cannot be read on. Records handed out before must then be thrown away.
    public func next() async throws(LoaderError) -> Table? {
        let task = pending ?? start()
        let result = await task.value
        if case .success(_?) = result { pending = start() } else { pending = task }
        return try result.get()
    }

    /// The account of the input: complete when `next()` has returned nil.
    public func finish() async -> InputReport {
        _ = await pending?.value
        return await producer.report
    }

    private func start() -> Task<Result<Table?, LoaderError>, Never> {
        let producer = producer
        return Task {
            do throws(LoaderError) {
                return .success(try await producer.next())
            } catch {
                return .failure(error)
            }
        }
    }
}

/// Reads one input from its first byte to its last: everything that belongs to the file lives in here.
actor RecordProducer {
    private(set) var report: InputReport
    private let input: InputDefinition
    private let settings: Loader
    private let file: SourceFile
    private var conversion: OGRConversion?
    private var reader: (any RowReader)?
    private var assembler: TableAssembler?
    private let batch = RowBatch(arena: ByteArena())
    private var isDone = false

    init(_ input: InputDefinition, file: sending SourceFile, settings: Loader) {
        self.input = input
        self.file = file
        self.settings = settings
        report = InputReport(kind: input.kind, region: settings.region, file: input.fileName, sha256: "")
    }

    func next() async throws(LoaderError) -> Table? {
        guard !isDone else { return nil }
        if reader == nil { try await openReader() }
        guard let reader else { return nil }
        let assembler: TableAssembler
        if let known = self.assembler {
            assembler = known
        } else {
            assembler = try TableAssembler(input, settings: settings, reader: reader)
            self.assembler = assembler
        }
        while try reader.read(into: batch) {
            let table = try assembler.assemble(batch, reader, &report)
            if table.count > 0 { return table }
        }
        isDone = true
        try assembler.finish(reader, &report)
        self.reader = nil
        self.assembler = nil
        conversion = nil
        return nil
    }

    private func openReader() async throws(LoaderError) {
        let survey = try file.survey()
        report.sha256 = survey.sha256
        guard survey.size > 0 else { throw .damaged(file: input.fileName, line: nil, reason: "the file is empty") }
        switch try format(survey) {
        case .csv: reader = try DelimitedTextReader(file, survey: survey, input: input)
        case .geojson: reader = try GeoJSONReader(file, survey: survey, input: input)
        case .gpkg: reader = try GeoPackageReader(input.file, name: input.fileName, input: input)
        case .ogr:
            let conversion = try await OGRConversion(input)
            self.conversion = conversion
            reader = try GeoPackageReader(
                conversion.result, name: input.fileName, input: input, origin: "through ogr2ogr",
                header: input.headerRow > 1 ? input.headerRow : 0)
        }
    }

    /// The format that the content has. - Throws: `LoaderError.wrongFormat` where name or mapping promise another.
    private func format(_ survey: SourceFile.Survey) throws(LoaderError) -> InputFormat {
        let content = InputFormat.content(of: survey.head)
        guard let found = content.format else {
            throw .wrongFormat(
                file: input.fileName, expected: input.format?.rawValue ?? "CSV, GeoJSON, GeoPackage or what GDAL reads",
                found: content.name,
                cure: content.name.hasSuffix("UTF-16")
                    ? "save it as UTF-8" : "fetch the file again, or export it in one of these formats")
        }
        if let stated = input.format {
            guard stated == found || stated == .ogr else {
                throw .wrongFormat(
                    file: input.fileName, expected: stated.rawValue, found: content.name,
                    cure: "correct format: in the mapping, or leave it out")
            }
            return stated
        }
        if let promised = InputFormat.promised(by: input.file.pathExtension), !promised.contains(found) {
            throw .wrongFormat(
                file: input.fileName, expected: "what the ending .\(input.file.pathExtension) says",
                found: content.name,
                cure: "check where the file comes from; if it is right, rename it or state format: \(found.rawValue)")
        }
        return found
    }
}
