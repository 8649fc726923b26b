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

    /// Says how far the export is.
    func progress(_ progress: TileExport.Progress) {
        guard isWatched else { return }
        let percent = progress.count > 0 ? 100 * progress.done / progress.count : 100
        let share = "\(progress.done.grouped) of \(progress.count.grouped) tiles, \(percent) %"
        let line = "zoom \(progress.zoom): \(share)"
        // Blanks over what an earlier, longer line leaves.
        StandardError.write("\r\(line)\(String(repeating: " ", count: max(0, 60 - line.count)))")
    }

    /// Says what has been written.
    func end(_ what: String) {
        guard isWatched else { return }
        StandardError.write("\r\(output): \(what)\(String(repeating: " ", count: 40))\n")
    }
}
