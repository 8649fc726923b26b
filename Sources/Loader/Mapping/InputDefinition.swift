public import Foundation
public import NetworkModel

/// One input: a file, how it is to be read, and which of its columns become which fields.
///
/// The same definition comes from a pack's `region.yaml` and from the mapping of `kompass import`.
public struct InputDefinition: Sendable {
    /// What the rows are.
    public var kind: RecordKind
    /// Where they stand.
    public var file: URL
    /// The format, or nil to find it out from the content.
    public var format: InputFormat?
    /// The layer of a format that has several, or nil for the only one.
    public var layer: String?
    /// The encoding of a text file, or nil to find it out.
    public var encoding: TextEncoding?
    /// The byte between two values of a delimited text, or nil to find it out.
    public var delimiter: UInt8?
    /// The decimal mark of a text's numbers, or nil to find it out.
    public var decimal: DecimalMark?
    /// The record of a delimited text that holds the column names, counted from 1; 0 where there is none.
    public var headerRow = 1
    /// The coordinate reference system (`EPSG:25832`), where the file does not say it or says it wrongly.
    public var crs: String?
    /// The rows to take, or nil for all.
    public var filter: RowFilter?
    /// The byte between two codes of a list.
    public var listSeparator = UInt8(ascii: ";")
    /// What becomes of the columns, by target field; nil takes columns named as the fields are.
    public var columns: [String: ColumnMapping]?
    /// Whether an offer without a place of its own takes its actor's.
    public var placeFromActor = false
    /// The mapping's file, for messages.
    public var definedIn: String?

    /// Defines an input that is read as it is.
    public init(kind: RecordKind, file: URL) {
        self.kind = kind
        self.file = file
    }

    /// The file's name, for messages and reports.
    public var fileName: String { file.lastPathComponent }
}

/// Where a field's values come from.
public enum ColumnMapping: Sendable, Hashable {
    /// From a column.
    ///
    /// - Parameters:
    ///   - unit: the unit in which the column states its numbers, where the field has another.
    ///   - separator: the byte between two codes of a list, where it is not the input's.
    ///   - organisation: whether a way to reach somebody is an organisation's and may be kept.
    case column(String, unit: MeasureUnit? = nil, separator: UInt8? = nil, organisation: Bool = false)
    /// The same text for all rows.
    case constant(String)
}

/// The mark between whole and decimal digits.
public enum DecimalMark: String, Sendable, Hashable {
    /// `3.14`
    case point
    /// `3,14`
    case comma
}
