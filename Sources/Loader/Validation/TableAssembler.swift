import Geometry
import NetworkModel

/// Makes tables of records out of batches of rows: binds columns, reads values, checks keys, codes and duplicates.
///
/// Works column by column; rows that fail are cut out at the end of each batch. Used by one task at a time.
final class TableAssembler {
    private let input: InputDefinition
    private let settings: Loader
    private let schema: RecordSchema
    private let encodingCure: String
    private var binding: ColumnBinding?
    private var boundColumns = 0
    private var isSampled = false
    private var identifiers = IdentifierIndex()
    private var firstLines: [Int] = []
    private var budget = IssueBudget()
    private var vocabularyCheck: VocabularyCheck
    private var droppedColumns: [String] = []
    private let geometry: GeometryAssembler
    private let completion: any RecordCompletion

    /// The most columns that a note names.
    private static let mostNamed = 100

    init(_ input: InputDefinition, settings: Loader, reader: any RowReader) throws(LoaderError) {
        self.input = input
        self.settings = settings
        schema = input.kind.schema
        encodingCure = "state the right one, for example encoding: windows-1252, or correct the row"
        let areas = AreaDirectory(settings.reference)
        vocabularyCheck = VocabularyCheck(settings.reference, areas: areas, isStrict: settings.strict)
        geometry = try GeometryAssembler(input, areas: areas, reader: reader, metricCRS: settings.metricCRS)
        completion = try input.kind.completion(input, settings: settings, areas: areas)
    }

    /// The records of a batch. - Throws: `LoaderError` where the mapping does not fit the file.
    func assemble(_ batch: RowBatch, _ reader: any RowReader, _ report: inout InputReport) throws(LoaderError) -> Table
    {
        report.read += batch.rowCount + batch.rejections.count
        report.rejected += batch.rejections.count
        for issue in batch.rejections where budget.take(.rejected) { report.issues.append(issue) }
        var binding = try bind(reader, batch)
        var cells = CellReader(
            batch: batch, decimal: reader.decimal, encodingCure: encodingCure,
            log: RowLog(lines: batch.lines, budget: budget))
        filter(batch, binding, decimal: reader.decimal, &cells.log)
        if !isSampled, batch.rowCount > 0 { dropContacts(batch, reader, &binding, cells.log) }

        var table = Table(schema)
        var columns: [Column] = []
        columns.reserveCapacity(schema.fields.count)
        for (position, field) in schema.fields.enumerated() {
            columns.append(cells.column(field, field.name == "region" ? .nothing : binding.origins[position]))
        }
        table.columns = columns
        try geometry.assemble(batch, binding, &cells, &table)
        var log = cells.log
        KeyCheck.apply(to: &table, &log)
        identify(&table)
        requireFields(table, &log)
        try completion.complete(&table, &log)
        vocabularyCheck.apply(to: table, &log)
        rejectDuplicates(table, batch, &log)
        log.close(into: &report, budget: &budget)
        table = fillRegion(log.hasLosses ? table.gathered((0..<table.count).filter(log.isAlive)) : table)
        completion.accept(table)
        return table
    }

    /// Closes the account when all rows have been seen. - Throws: where the mapping names columns that never came.
    func finish(_ reader: any RowReader, _ report: inout InputReport) throws(LoaderError) {
        if let binding, let missing = binding.missing.first, report.read > 0 {
            throw .missingColumn(file: input.fileName, column: missing, known: reader.columns.filter { !$0.isEmpty })
        }
        report.dialect = reader.dialect + geometry.dialect
        report.notes += reader.notes
        if !droppedColumns.isEmpty {
            report.notes.append(
                "columns not loaded because they look like contacts or persons: \(droppedColumns.joined(separator: ", ")) "
                    + "(an organisation's contact can be mapped with organisation: true)")
        }
        let unused = (binding?.unused ?? []).map { reader.columns[$0] }
            .filter { name in
                !name.isEmpty && !name.hasPrefix("column_") && !droppedColumns.contains { $0.hasPrefix("\(name) (") }
            }
        if !unused.isEmpty {
            let rest = unused.count - Self.mostNamed
            report.notes.append(
                "columns not used: \(unused.prefix(Self.mostNamed).joined(separator: ", "))"
                    + (rest > 0 ? " and \(rest) more" : ""))
        }
        report.notes += vocabularyCheck.notes + geometry.notes
        try completion.finish(&report, &budget)
        report.notes += budget.notes
    }

    private func bind(_ reader: any RowReader, _ batch: RowBatch) throws(LoaderError) -> ColumnBinding {
        if let binding, boundColumns == reader.columns.count { return binding }
        var fresh = try ColumnBinding(input, columns: reader.columns, hasGeometry: reader.hasGeometry)
        if let missing = fresh.missing.first, reader is GeoJSONReader == false {
            throw .missingColumn(file: input.fileName, column: missing, known: reader.columns.filter { !$0.isEmpty })
        }
        for (column, name) in reader.columns.enumerated() where !fresh.isOrganisation(column) {
            if let suspicion = ContactColumns.suspicion(name: name) {
                fresh.drop(column: column)
                noteDropped(name, suspicion)
            }
        }
        boundColumns = reader.columns.count
        binding = fresh
        return fresh
    }

    private func noteDropped(_ name: String, _ suspicion: ContactColumns.Suspicion) {
        let text = "\(name) (\(suspicion.rawValue))"
        if !droppedColumns.contains(text) { droppedColumns.append(text) }
    }

    /// Looks at what stands in the columns of the first batch.
    private func dropContacts(_ batch: RowBatch, _ reader: any RowReader, _ binding: inout ColumnBinding, _ log: RowLog)
    {
        isSampled = true
        for (column, name) in reader.columns.enumerated() where !binding.isOrganisation(column) {
            var sample: [String] = []
            for row in 0..<batch.rowCount where sample.count < 500 && log.isAlive(row) {
                let cell = batch.cells[row * batch.width + column]
                if cell.kind == .text, (1...200).contains(cell.count) { sample.append(batch.text(cell)) }
            }
            if let suspicion = ContactColumns.suspicion(values: sample) {
                binding.drop(column: column)
                noteDropped(name, suspicion)
            }
        }
        self.binding = binding
    }

    private func filter(_ batch: RowBatch, _ binding: ColumnBinding, decimal: DecimalMark, _ log: inout RowLog) {
        guard let terms = input.filter?.terms else { return }
        for row in 0..<batch.rowCount {
            for (term, column) in zip(terms, binding.filterColumns) {
                let cell = column.map { batch.cells[row * batch.width + $0] } ?? .null
                let text = batch.text(cell)
                let number = term.number == nil ? nil : NumberText.real(batch.bytes(cell), decimal: decimal)
                if !term.holds(text: text, number: number) {
                    log.filter(row)
                    break
                }
            }
        }
    }

    /// Gives records without an id of their own the one that their identity makes.
    private func identify(_ table: inout Table) {
        guard !schema.identity.isEmpty, case .text(let stated) = table.columns[0] else { return }
        let parts = schema.identity.compactMap { schema.position(of: $0) }
        var result = TextColumn()
        for row in 0..<table.count {
            if let text = stated[row] {
                result.append(text)
            } else {
                let texts = parts.map { part in
                    switch table.columns[part][row] {
                    case .text(let text): text
                    case .integer(let value): String(value)
                    case .real(let value): "\(value)"
                    case .boolean(let value): "\(value)"
                    case .list, .null: ""
                    }
                }
                // An identity of nothing is none: the row is then rejected for want of an id.
                result.append(texts.allSatisfy(\.isEmpty) ? "" : texts.joined(separator: "/"))
            }
        }
        table.columns[0] = .text(result)
    }

    private func requireFields(_ table: Table, _ log: inout RowLog) {
        // The id comes last: where it is made of other fields, what is missing there is the reason.
        let required = schema.fields.enumerated().filter(\.element.isRequired)
        for (position, field) in Array(required.dropFirst()) + Array(required.prefix(1)) {
            let column = table.columns[position]
            for row in 0..<table.count where column.isNull(row) {
                log.reject(row, field.name, "", "'\(field.name)' (\(field.titleDE)) is missing; every row needs one")
            }
        }
    }

    private func rejectDuplicates(_ table: Table, _ batch: RowBatch, _ log: inout RowLog) {
        let ids = table.identifiers
        let checksOwners = !schema.kind.isShared && settings.reference.hasOwners(schema.kind)
        let name = schema.identifier.name
        ids.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<table.count where log.isAlive(row) {
                let id = UnsafeBufferPointer(rebasing: bytes[ids.range(row)])
                if checksOwners, let owner = settings.reference.owner(of: id, kind: schema.kind),
                    owner != settings.region
                {
                    log.reject(
                        row, name, String(decoding: id, as: UTF8.self),
                        "the id belongs to region '\(owner)' already; give this record another one")
                    continue
                }
                let (first, isNew) = identifiers.insert(utf8: id)
                if isNew {
                    firstLines.append(batch.lines[row])
                } else {
                    log.reject(
                        row, name, String(decoding: id, as: UTF8.self),
                        "the id stands in line \(firstLines[first]) already; every record needs its own")
                }
            }
        }
    }

    private func fillRegion(_ table: Table) -> Table {
        guard let position = schema.position(of: "region") else { return table }
        var table = table
        var column = CodeColumn()
        let number = column.number(of: settings.region)
        for _ in 0..<table.count { column.append(number: number) }
        table.columns[position] = .code(column)
        return table
    }
}
