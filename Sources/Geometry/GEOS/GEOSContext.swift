internal import CGEOS

/// The owner of one GEOS context: the door to every operation that GEOS performs on values of this module.
///
/// **Confined**: GEOS allows one thread at a time in a context, and sharing one gives wrong answers, not only crashes;
/// it is not `Sendable`, and the compiler enforces the rest. One per worker; it is cheap to make and to keep.
/// No GEOS geometry outlives the call that made it, so nothing of GEOS is ever shared.
public struct GEOSContext: ~Copyable {
    let handle: GEOSHandle

    /// Makes a context.
    ///
    /// - Throws: `GeometryError.unavailable` where GEOS cannot.
    public init() throws(GeometryError) {
        handle = try GEOSHandle()
    }

    /// The number of GEOS objects that are alive in this context: zero between any two calls. For tests.
    public var liveObjectCount: Int { handle.liveObjectCount }

    /// GEOS's own version, "3.11.1-CAPI-1.17.1".
    public static var version: String {
        GEOSversion().map { String(cString: $0) } ?? ""
    }
}

/// The C context with what GEOS last said in it.
final class GEOSHandle {
    let pointer: OpaquePointer
    var liveObjectCount = 0
    private var message = ""

    init() throws(GeometryError) {
        guard let pointer = GEOS_init_r() else { throw .unavailable("GEOS cannot create a context") }
        self.pointer = pointer
        // Unretained: the context that keeps this pointer is destroyed in `deinit`.
        _ = GEOSContext_setErrorMessageHandler_r(
            pointer,
            { message, owner in
                guard let owner, let message else { return }
                Unmanaged<GEOSHandle>.fromOpaque(owner).takeUnretainedValue().message = String(cString: message)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    deinit {
        GEOS_finish_r(pointer)
    }

    /// What GEOS has to say about the call that has just failed.
    func failure() -> GeometryError {
        defer { message = "" }
        return .geos(message: message.isEmpty ? "the operation failed without a message" : message)
    }

    /// Takes ownership of a geometry that a GEOS function has returned; NULL is the function's exception.
    func take(_ pointer: OpaquePointer?) throws(GeometryError) -> GEOSGeometryHandle {
        guard let pointer else { throw failure() }
        return GEOSGeometryHandle(owning: pointer, in: self)
    }

    /// A predicate's answer: 0 and 1, anything else is its exception.
    func bool(_ answer: CChar) throws(GeometryError) -> Bool {
        guard answer == 0 || answer == 1 else { throw failure() }
        return answer == 1
    }

    /// A number that a GEOS function writes through a pointer; it returns 0 on exception.
    func number(_ body: (UnsafeMutablePointer<Double>) -> Int32) throws(GeometryError) -> Double {
        var value = 0.0
        guard body(&value) != 0 else { throw failure() }
        return value
    }
}

/// The owner of one GEOS geometry; destroyed with the value.
struct GEOSGeometryHandle: ~Copyable {
    /// Nil only once the geometry has been given away.
    private var pointer: OpaquePointer?
    let context: GEOSHandle

    init(owning pointer: OpaquePointer, in context: GEOSHandle) {
        self.pointer = pointer
        self.context = context
        context.liveObjectCount += 1
    }

    deinit {
        if let pointer { GEOSGeom_destroy_r(context.pointer, pointer) }
        context.liveObjectCount -= 1
    }

    /// Lends the pointer for the length of a call. A pointer taken out of a temporary owner would already dangle.
    borrowing func lend<Result: ~Copyable, Failure>(
        _ body: (OpaquePointer?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(pointer)
    }

    /// Gives the geometry away to a GEOS function that takes ownership, even if it fails.
    consuming func release() -> OpaquePointer? {
        defer { pointer = nil }
        return pointer
    }
}
