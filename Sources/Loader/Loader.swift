import NetworkModel

/// Turns files into validated records.
///
/// A value: one loader can open any number of inputs, which are read independently of each other.
public struct Loader: Sendable {
    /// What rows are checked and placed against.
    public let reference: ReferenceData
    /// The region that the records will belong to.
    public let region: String
    /// Whether codes that no vocabulary knows are reason to reject a row.
    public let strict: Bool
    /// The region's metric coordinate reference system, which is suggested where a file does not state its own.
    public let metricCRS: String

    /// Makes a loader.
    ///
    /// - Parameters:
    ///   - reference: what is loaded already; rows are checked and placed against it.
    ///   - region: the id of the pack or import that records belong to.
    ///   - strict: whether unknown vocabulary keys reject a row instead of being noted.
    ///   - metricCRS: the region's metric system, for example `EPSG:25832`.
    public init(reference: ReferenceData, region: String, strict: Bool = false, metricCRS: String = "EPSG:25832") {
        self.reference = reference
        self.region = region
        self.strict = strict
        self.metricCRS = metricCRS
    }

    /// Opens an input. Nothing but the file's existence is looked at yet: the rest happens with the first batch.
    ///
    /// - Throws: `LoaderError.missingFile`, `LoaderError.unreadableFile`.
    public func open(_ input: InputDefinition) throws(LoaderError) -> RecordStream {
        RecordStream(RecordProducer(input, file: try SourceFile(input.file), settings: self))
    }
}
