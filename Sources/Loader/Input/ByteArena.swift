/// Memory for the bytes of one batch of rows, addressed by offsets so that it can grow.
final class ByteArena {
    /// The first byte.
    private(set) var base: UnsafeMutablePointer<UInt8>
    /// The bytes in use.
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// Forgets all bytes.
    func removeAll() { count = 0 }

    /// Makes room for more bytes behind the used ones.
    func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let size = max(capacity * 2, count + more)
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        grown.update(from: base, count: count)
        base.deallocate()
        base = grown
        capacity = size
    }

    /// Takes bytes that were written behind the used ones.
    func advance(_ written: Int) { count += written }

    /// Appends bytes and tells where they stand.
    func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let start = count
        guard let source = bytes.baseAddress else { return start }
        reserve(bytes.count)
        (base + count).update(from: source, count: bytes.count)
        count += bytes.count
        return start
    }

    /// Drops the first bytes and moves the others to the front.
    func discard(_ first: Int) {
        guard first > 0 else { return }
        base.update(from: base + first, count: count - first)
        count -= first
    }
}
