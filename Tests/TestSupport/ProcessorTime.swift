import Foundation

/// How long the processor worked on something in the calling thread. Not the time on the clock: what else the machine
/// does changes nothing.
///
/// - Parameter work: runs in the calling thread, from beginning to end.
/// - Returns: what the work gives, and its processor time.
/// - Throws: what the work throws.
public func withProcessorTime<Result>(_ work: () throws -> Result) rethrows -> (result: Result, time: Duration) {
    let start = threadTime()
    let result = try work()
    return (result, threadTime() - start)
}

/// Processor time of the calling thread since it began (POSIX, CLOCK_THREAD_CPUTIME_ID).
private func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
