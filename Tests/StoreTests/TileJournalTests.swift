import Foundation
import Store
import TestSupport
import Testing

@Suite struct TileJournalTests {
    private let folder: TemporaryFolder
    private var target: String { "\(folder.path)/a" }
    private var file: URL { URL(filePath: target + ".partial") }

    init() throws { folder = try TemporaryFolder() }

    private func open(_ key: String = "work") throws -> TileJournal {
        try TileJournal(for: target, key: Array(key.utf8))
    }

    private func contents(_ journal: TileJournal) throws -> [[UInt8]] {
        var result: [[UInt8]] = []
        try journal.forEach { result.append($0) }
        return result
    }

    /// So many bytes at its beginning say that a file is a journal.
    private static let magicLength = 16

    /// Frames of several lengths, an empty one among them.
    private static let frames: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300), [9]]

    /// Writes the frames as a program that is killed leaves them; returns the file, and where each frame ends.
    private func leave() throws -> (bytes: Data, ends: [Int]) {
        let journal = try open()
        var ends = [try Data(contentsOf: file).count]
        for frame in Self.frames {
            try journal.append(frame)
            ends.append(try Data(contentsOf: file).count)
        }
        return (try Data(contentsOf: file), ends)
    }

    @Test func framesAreFoundAgainAndGoOn() throws {
        #expect(try open().beginning == .new)
        _ = try leave()
        let journal = try open()
        #expect(journal.beginning == .resumed)
        #expect(journal.last == [9])
        #expect(try contents(journal) == Self.frames)
        try journal.append([4, 4])
        #expect(try contents(journal) == Self.frames + [[4, 4]])
        journal.remove()
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func whateverIsCutOffOnlyWholeFramesCount() throws {
        let (bytes, ends) = try leave()
        for length in 0...bytes.count {
            try bytes.prefix(length).write(to: file)
            let whole = ends.filter { $0 <= length }.count - 1
            let journal = try open()
            #expect(try contents(journal) == Array(Self.frames.prefix(max(0, whole))))
            #expect(journal.beginning == (whole > 0 ? .resumed : .new))
            try journal.append([5])
            #expect(try contents(journal).last == [5])
        }
    }

    @Test func whateverIsChangedNoFrameIsMadeUp() throws {
        let (bytes, ends) = try leave()
        var random = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            var changed = bytes
            changed[position] ^= UInt8.random(in: 1...255, using: &random)
            try changed.write(to: file)
            guard position >= Self.magicLength else {
                #expect(throws: StoreError.self) { _ = try open() }
                #expect(try Data(contentsOf: file) == changed)
                continue
            }
            let journal = try open()
            let untouched = ends.filter { $0 <= position }.count - 1
            #expect(try contents(journal) == Array(Self.frames.prefix(max(0, untouched))))
            #expect((journal.beginning == .other) == (position < ends[0]))
        }
    }

    /// A disk may write the end of a file before its middle.
    @Test func aHoleEndsWhatCounts() throws {
        let (bytes, ends) = try leave()
        var holed = bytes
        for position in ends[1]..<ends[3] { holed[position] = 0 }
        try holed.write(to: file)
        #expect(try contents(open()) == [Self.frames[0]])
    }

    @Test func otherWorkIsNotTakenUp() throws {
        _ = try leave()
        let journal = try open("other work")
        #expect(journal.beginning == .other)
        #expect(journal.last == nil)
        #expect(try contents(journal).isEmpty)
    }

    @Test func framesOfAnotherJournalDoNotCount() throws {
        let (bytes, ends) = try leave()
        let other = try open("other work")
        try other.append([1])
        other.remove()
        let foreign = try TileJournal(for: "\(folder.path)/b", key: Array("other work".utf8))
        for frame in Self.frames { try foreign.append(frame) }
        let foreignBytes = try Data(contentsOf: URL(filePath: "\(folder.path)/b.partial"))
        #expect(foreignBytes.count == bytes.count)
        try (bytes.prefix(ends[2]) + foreignBytes.suffix(from: ends[2])).write(to: file)
        #expect(try contents(open()) == Array(Self.frames.prefix(2)))
    }

    @Test(arguments: ["x", "what somebody wrote over years", "Kompass tiles 2\n", "kompass tiles 1\n"])
    func aFileOfSomebodyElseIsRefusedAndStays(_ content: String) throws {
        try Data(content.utf8).write(to: file)
        let error = #expect(throws: StoreError.self) { _ = try open() }
        #expect(error?.description.contains("a.partial: is a file that no export has left") == true)
        #expect(try String(contentsOf: file, encoding: .utf8) == content)
    }

    @Test func aLinkIsNotFollowed() throws {
        let (bytes, _) = try leave()
        let other = URL(filePath: "\(folder.path)/other")
        try FileManager.default.moveItem(at: file, to: other)
        for path in [file.path, "\(folder.path)/b.finishing"] {
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other.path)
        }
        #expect(throws: StoreError.foreignFile(path: file.path, reason: "is a link")) { _ = try open() }
        #expect(throws: StoreError.self) { _ = try UnfinishedFile(for: "\(folder.path)/b") }
        #expect(try Data(contentsOf: other) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }

    @Test func twoProgramsDoNotWriteOneJournal() throws {
        let journal = try open()
        #expect(throws: StoreError.busy(path: target)) { _ = try open() }
        try journal.append([1])
    }

    @Test func whatHoldsNothingIsNotLeftBehind() throws {
        do { _ = try open() }
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }
}
