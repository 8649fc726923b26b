extension RandomAccessCollection where Index == Int {
    /// Binary search: the first index whose element, and all behind it, fulfil a condition; the end where none does.
    ///
    /// - Complexity: O(log n)
    func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
