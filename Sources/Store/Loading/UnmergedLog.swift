/// Why a load's records stand in the write-ahead log beside the file still: kept and served, but not in the one file.
public enum UnmergedLog: Sendable, Hashable {
    /// Another program is reading the state before.
    case busy
    /// What SQLite reports, for example that the disk is full.
    case failed(String)

    /// What that means for a file, and what to do.
    public func description(of path: String) -> String {
        let reason =
            switch self {
            case .busy: "another program is reading the file"
            case .failed(let message): message
            }
        return """
            \(path): the load is kept, but could not be merged into the one file (\(reason)); until the next load \
            copy \(path)-wal along with it
            """
    }
}
