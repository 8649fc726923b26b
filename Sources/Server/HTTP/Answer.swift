import HTTPTypes
import Hummingbird
import NIOCore

/// What a route answers, before conditions, encodings and methods are applied to it.
struct Answer: Sendable {
    /// The body.
    enum Content: Sendable {
        /// None.
        case none
        /// Bytes at hand.
        case whole(Representation)
        /// Bytes that are made while they are sent: bounded memory, no compression.
        case stream(mediaType: String, tag: EntityTag, BodyStream)
    }

    typealias BodyStream = @Sendable (inout any ResponseBodyWriter) async throws -> Void

    var status: HTTPResponse.Status = .ok
    var content: Content
    var caching: CachePolicy
    /// The request's fields that the choice of this answer looked at, `Accept-Encoding` left aside.
    var vary: [String] = []
    /// Further header fields.
    var headers: HTTPFields = [:]
    /// Whose pages may show the answer in a frame: those of other origins the map's embedded form alone.
    var frameAncestors = FrameAncestors.sameOrigin
    /// Another host whose pictures the page may load: that of a base map.
    var pictures: Origin?

    init(_ content: Content, caching: CachePolicy, vary: [String] = [], headers: HTTPFields = [:]) {
        self.content = content
        self.caching = caching
        self.vary = vary
        self.headers = headers
    }

    /// An answer made for this one request, such as a health check.
    init(json: JSON, mediaType: String = MediaTypes.json, caching: CachePolicy) {
        self.init(
            .whole(Representation(ByteBuffer(bytes: json.bytes), mediaType: mediaType, isCompressible: false)),
            caching: caching)
    }
}

/// The media types that the server sends.
enum MediaTypes {
    static let json = "application/json"
    static let atom = "application/atom+xml"
    static let csv = "text/csv; charset=utf-8; header=present"
    static let geoJSON = "application/geo+json"
    static let jsonLD = "application/ld+json"
    static let xml = "application/xml"
    static let html = "text/html; charset=utf-8"
    static let openAPI = "application/vnd.oai.openapi+json;version=3.0"
    static let schema = "application/schema+json"
    static let problem = "application/problem+json"
    static let vectorTile = "application/vnd.mapbox-vector-tile"
    static let plainText = "text/plain; charset=utf-8"
    /// The text format of Prometheus, version 0.0.4.
    static let metrics = "text/plain; version=0.0.4; charset=utf-8"
}

extension HTTPFields {
    /// Sets a field that HTTPTypes has no constant for.
    mutating func set(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { self[name] = value }
    }
}
