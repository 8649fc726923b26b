internal import Server
internal import Store

/// What is said on standard error while an archive is written: progress to a terminal, and to anybody what an earlier
/// export has left.
struct ArchiveReport {
    let output: String
    private let isWatched = StandardError.isTerminal

    init(output: String) { self.output = output }

    /// Says what an earlier export has left; where it has left nothing, nothing.
    func begun(_ beginning: TileJournal.Beginning) {
        switch beginning {
        case .new: break
        case .resumed: StandardError.write("\(output): goes on where an earlier export ended\n")
        case .other:
            StandardError.write(
                "\(output).partial: was of other data, tileset, layers, zooms or offers; everything is made anew\n")
        }
    }

    /// Says how far the tiles are.
    func progress(_ progress: TileExport.Progress) {
        self.progress("zoom \(progress.zoom)", done: progress.done, of: progress.count, "tiles")
    }

    /// Says how far a part of the export is.
    func progress(_ part: String, done: Int, of count: Int, _ things: String = "files") {
        guard isWatched else { return }
        let percent = count > 0 ? 100 * done / count : 100
        let line = "\(part): \(done.grouped) of \(count.grouped) \(things), \(percent) %"
        // Blanks over what an earlier, longer line leaves.
        StandardError.write("\r\(line)\(String(repeating: " ", count: max(0, 60 - line.count)))")
    }

    /// Says what has been written.
    func end(_ what: String) {
        guard isWatched else { return }
        StandardError.write("\r\(output): \(what)\(String(repeating: " ", count: 40))\n")
    }
}
