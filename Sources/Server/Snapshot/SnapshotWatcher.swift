import Logging
import NetworkModel
import ServiceLifecycle
import VectorTiles

/// Looks at the source in regular intervals and takes over what has changed.
///
/// Loads and prepares off the event loops, then swaps. A load that fails leaves the old snapshot in service, is
/// logged, and is tried again when the source changes once more, or after a pause that doubles up to a minute.
struct SnapshotWatcher: Service {
    let source: SnapshotSource
    let current: CurrentSnapshot
    let tileset: Tileset
    let tileCacheLimit: Int
    /// A thread of its own: a reload neither waits for requests nor takes a thread from them.
    let workers: Workers
    let interval: Duration
    let logger: Logger
    /// The state that the first snapshot was loaded in.
    let initialMark: SnapshotSource.Mark

    /// The longest pause between two attempts to load the same state of the source.
    private static let longestPause = Duration.seconds(60)

    /// A state of the source that could not be loaded.
    private struct Failure {
        /// The state; nil where even that could not be told.
        let mark: SnapshotSource.Mark?
        /// When to try again.
        let retry: ContinuousClock.Instant
        /// The pause that this makes.
        let pause: Duration
    }

    /// Runs until the service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        await prepare()
        var loaded = initialMark
        var failure: Failure?
        while (try? await Task.sleep(for: interval)) != nil {
            var seen: SnapshotSource.Mark?
            do {
                let mark = try await workers.run { [source] in try source.mark() }
                seen = mark
                if mark == loaded {
                    if failure != nil { current.noteUnchanged() }
                    failure = nil
                    continue
                }
                if let failure, failure.mark == mark, failure.retry > .now { continue }
                try await reload()
                loaded = mark
                failure = nil
            } catch is CancellationError {
                return
            } catch {
                if let failure, failure.mark == seen, failure.retry > .now { continue }
                let pause = failure.map { min($0.pause * 2, Self.longestPause) } ?? interval
                failure = Failure(mark: seen, retry: .now + pause, pause: pause)
                current.noteFailure()
                logger.error("reload failed; serving goes on with the old data", metadata: ["error": "\(error)"])
            }
        }
    }

    private func reload() async throws {
        let next = try await workers.run { [source, tileset, tileCacheLimit] in
            try ServedSnapshot(source.load(), tileset: tileset, tileCacheLimit: tileCacheLimit)
        }
        guard next.state != current.served.state || next.snapshot.changes != current.served.snapshot.changes
        else {
            current.noteUnchanged()
            logger.info("the source changed, its published content did not")
            return
        }
        current.replace(with: next)
        logger.info("data reloaded", metadata: ["data_version": "\(next.version)"])
        await prepare()
    }

    /// Computes what the first district page of a version would wait for. What cannot be computed is told to whoever
    /// asks for it.
    func prepare() async {
        let served = current.served
        try? await workers.run(for: ClientPresence()) { cancellation in _ = try served.ruralRegions(cancellation) }
    }
}
