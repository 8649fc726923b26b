internal import CPROJ

/// The owner of one PROJ context: the database of CRSs and everything that is made from it.
///
/// **Confined**: a context, and every transformer made in it, belongs to one task at a time (PROJ's own rule; the
/// compiler enforces it, as neither is `Sendable`). One per worker; making one costs some milliseconds for `proj.db`.
/// The network is off: grids are used only if they are installed.
public struct ProjContext: ~Copyable {
    let handle: ProjHandle

    /// Opens PROJ's database.
    ///
    /// - Throws: `GeometryError.unavailable` where there is no `proj.db`: PROJ is then not installed completely.
    public init() throws(GeometryError) {
        let handle = try ProjHandle()
        guard proj_context_get_database_path(handle.pointer) != nil else {
            throw .unavailable("PROJ finds no proj.db: install the package proj-data, or point PROJ_DATA at its folder")
        }
        self.handle = handle
    }

    /// The file that CRS definitions come from. Log it at start: a foreign `PROJ_DATA` is a classic source of trouble.
    public var databasePath: String {
        proj_context_get_database_path(handle.pointer).map { String(cString: $0) } ?? ""
    }

    /// The edition of EPSG's register in that file, for example "v10.076".
    public var registerVersion: String {
        proj_context_get_database_metadata(handle.pointer, "EPSG.VERSION").map { String(cString: $0) } ?? ""
    }
}

/// The reference-counted PROJ context that a `ProjContext` and its transformers share, so that none outlives it.
final class ProjHandle {
    let pointer: OpaquePointer
    /// PROJ's latest message: more telling than the text of its error code.
    private var message = ""

    init() throws(GeometryError) {
        guard let pointer = proj_context_create() else { throw .unavailable("PROJ cannot create a context") }
        self.pointer = pointer
        proj_context_set_enable_network(pointer, 0)
        proj_log_level(pointer, PJ_LOG_ERROR)
        // Unretained: the context that keeps this pointer is destroyed in `deinit`.
        proj_log_func(pointer, Unmanaged.passUnretained(self).toOpaque()) { owner, _, message in
            guard let owner, let message else { return }
            Unmanaged<ProjHandle>.fromOpaque(owner).takeUnretainedValue().message = String(cString: message)
        }
    }

    deinit {
        proj_context_destroy(pointer)
    }

    /// What PROJ has to say about the call that has just failed.
    func failure(code: Int32? = nil) -> GeometryError {
        let code = code ?? proj_context_errno(pointer)
        defer { message = "" }
        if !message.isEmpty { return .proj(code: code, message: message) }
        let text = proj_context_errno_string(pointer, code).map { String(cString: $0) }
        return .proj(code: code, message: text ?? "the operation failed without a message")
    }
}

/// One PROJ object: destroyed with its owner.
final class ProjObject {
    private let pointer: OpaquePointer
    let context: ProjHandle

    /// Takes ownership of what a PROJ function has returned; nil is the function's failure.
    init(_ pointer: OpaquePointer?, in context: ProjHandle) throws(GeometryError) {
        guard let pointer else { throw context.failure() }
        self.pointer = pointer
        self.context = context
    }

    deinit {
        proj_destroy(pointer)
    }

    /// Lends the pointer for the length of a call. A pointer taken out of a temporary owner would already dangle.
    func lend<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        withExtendedLifetime(self) { body(pointer) }
    }
}
