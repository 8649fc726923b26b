/// The nearest offer of every demand point: what all figures over distances are made from, and what traces each of
/// them back to the cells and offers behind it.
public struct CellAccess: Sendable {
    /// The geodesic distance of each demand point to its nearest offer, metres, in the order of `Demand.rows`.
    public let distances: [Double]
    /// The row of that offer in the snapshot's offers; of several at the same distance the first by id.
    public let offers: [Int32]
}
