/// How the server is reached and where it finds what it serves.
public struct ServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 lets the system choose.
    public var port: Int
    /// The URL under which clients reach the server, where it differs from what their `Host` field says (a proxy, a
    /// path prefix). All links in answers start with it.
    public var publicURL: String?
    /// The folder `Tiles/`: client, style, texts and page templates.
    public var assets: String
    /// The folder with `maplibre-gl.js` and `maplibre-gl.css`.
    public var maplibre: String
    /// Whether `Forwarded` and `X-Forwarded-…` fields are believed. Only behind a proxy that sets them itself.
    public var trustForwardedHeaders: Bool
    /// Whose pages may show the map's embedded form in a frame: `*` for anyone's, `none`, or origins parted by blanks.
    public var frameAncestors: String
    /// The base map that visitors may ask for; nil for none.
    public var baseMap: BaseMap?
    /// How often the project file is looked at for changes.
    public var pollInterval: Duration
    /// How long a client may take to send a request, and how long it may leave an answer unread.
    public var clientTimeout: Duration
    /// How many bytes of finished tiles are kept, plain and compressed together; 0 keeps none.
    public var tileCacheLimit: Int

    /// What `tileCacheLimit` is where nothing is said: 64 MiB.
    public static let defaultTileCacheLimit = 64 << 20

    /// Describes a server.
    public init(
        host: String = "127.0.0.1", port: Int = 8080, publicURL: String? = nil, assets: String, maplibre: String,
        trustForwardedHeaders: Bool = false, frameAncestors: String = FrameAncestors.anyone.description,
        baseMap: BaseMap? = nil, pollInterval: Duration = .seconds(1),
        clientTimeout: Duration = .seconds(30), tileCacheLimit: Int = ServerConfiguration.defaultTileCacheLimit
    ) {
        self.host = host
        self.port = port
        self.publicURL = publicURL
        self.assets = assets
        self.maplibre = maplibre
        self.trustForwardedHeaders = trustForwardedHeaders
        self.frameAncestors = frameAncestors
        self.baseMap = baseMap
        self.pollInterval = pollInterval
        self.clientTimeout = clientTimeout
        self.tileCacheLimit = tileCacheLimit
    }
}
