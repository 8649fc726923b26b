/// What a field holds.
public enum FieldType: String, Sendable, Hashable {
    /// Free text.
    case text
    /// One code of a vocabulary, or one official key.
    case code
    /// Several codes or keys.
    case codeList
    /// A whole number.
    case integer
    /// A real number.
    case real
    /// A date in stated precision (`2018`, `2018-06`, `2018-06-29`).
    case date
    /// True or false: in layers of other files; records of Kompass have codes instead.
    case boolean
    /// An instant in UTC: in layers of other files.
    case timestamp
}

/// The definition of one field of a record: the only place where its name, type, unit and titles stand.
///
/// The project file's columns, the mapping language's targets, GeoJSON properties and OpenAPI schemas are all made
/// from these definitions.
public struct Field: Sendable, Hashable {
    /// The name in files and answers, snake_case English.
    public let name: String
    /// What it holds.
    public let type: FieldType
    /// The vocabulary that its codes come from, where there is one.
    public let vocabulary: String?
    /// The unit of a number (UCUM spelling), where it has one.
    public let unit: String?
    /// What it means, in German.
    public let titleDE: String
    /// What it means, in English.
    public let titleEN: String
    /// Whether a record without it is rejected.
    public let isRequired: Bool
    /// Whether it holds a way to reach somebody, so that a mapping must declare it an organisation's.
    public let isContact: Bool

    /// Defines a field.
    public init(
        _ name: String, _ type: FieldType, vocabulary: String? = nil, unit: String? = nil, de: String, en: String,
        isRequired: Bool = false, isContact: Bool = false
    ) {
        self.name = name
        self.type = type
        self.vocabulary = vocabulary
        self.unit = unit
        self.titleDE = de
        self.titleEN = en
        self.isRequired = isRequired
        self.isContact = isContact
    }
}
