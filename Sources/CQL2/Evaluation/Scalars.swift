internal import Foundation

/// Comparison and calculation of values. nil is unknown: one side is null, or the types do not meet.
enum Scalars {
    /// -1, 0 or 1. Strings go by code point, `FALSE` goes before `TRUE`, numbers compare exactly.
    static func order(_ first: Value, _ second: Value) -> Int? {
        switch (first, second) {
        case (.string(let first), .string(let second)): order(first, second)
        case (.integer(let first), .integer(let second)): first == second ? 0 : first < second ? -1 : 1
        case (.integer(let first), .real(let second)): order(first, second)
        case (.real(let first), .integer(let second)): order(second, first).map(-)
        case (.real(let first), .real(let second)):
            first.isNaN || second.isNaN ? nil : first == second ? 0 : first < second ? -1 : 1
        case (.boolean(let first), .boolean(let second)): first == second ? 0 : second ? -1 : 1
        default: first.instant.flatMap { first in second.instant.map { first.order($0) } }
        }
    }

    /// Code points and the bytes of UTF-8 have the same order; Swift's own one is by canonical equivalence.
    private static func order(_ first: String, _ second: String) -> Int {
        var first = first
        var second = second
        return first.withUTF8 { first in
            second.withUTF8 { second in
                let count = min(first.count, second.count)
                if count > 0, let a = first.baseAddress, let b = second.baseAddress {
                    let order = memcmp(a, b, count)
                    if order != 0 { return order < 0 ? -1 : 1 }
                }
                return first.count == second.count ? 0 : first.count < second.count ? -1 : 1
            }
        }
    }

    private static func order(_ integer: Int64, _ real: Double) -> Int? {
        guard !real.isNaN else { return nil }
        // 2^63: from here on a double is beyond every integer.
        guard real < 0x1p63 else { return -1 }
        guard real >= -0x1p63 else { return 1 }
        let whole = Int64(real.rounded(.down))
        if integer != whole { return integer < whole ? -1 : 1 }
        return real > real.rounded(.down) ? -1 : 0
    }

    static func holds(_ comparison: ComparisonOperator, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .greater: order > 0
        case .lessOrEqual: order <= 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// The result, `null` where it is undefined (division by zero, root of a negative number) or not finite.
    ///
    /// Integers stay integers in `+ - * % div` as long as they fit, so that identifiers keep all their digits.
    static func calculate(_ calculation: ArithmeticOperator, _ left: Value, _ right: Value) -> Value {
        if case .integer(let left) = left, case .integer(let right) = right,
            let exact = exact(calculation, left, right)
        {
            return exact
        }
        guard let left = left.number, let right = right.number else { return .null }
        let result: Double
        switch calculation {
        case .add: result = left + right
        case .subtract: result = left - right
        case .multiply: result = left * right
        case .divide: result = left / right
        case .remainder: result = left.truncatingRemainder(dividingBy: right)
        case .integerDivide: result = (left / right).rounded(.towardZero)
        case .power: result = pow(left, right)
        }
        return result.isFinite ? .real(result) : .null
    }

    private static func exact(_ calculation: ArithmeticOperator, _ left: Int64, _ right: Int64) -> Value? {
        let result: (partialValue: Int64, overflow: Bool)
        switch calculation {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .remainder:
            guard right != 0 else { return .null }
            result = left.remainderReportingOverflow(dividingBy: right)
        case .integerDivide:
            guard right != 0 else { return .null }
            result = left.dividedReportingOverflow(by: right)
        case .divide, .power: return nil
        }
        return result.overflow ? nil : .integer(result.partialValue)
    }

    /// Whether two elements of arrays are the same; arrays within arrays are sets as well.
    static func areEqual(_ first: Value, _ second: Value) -> Bool {
        switch (first, second) {
        case (.list(let first), .list(let second)): areEqual(first, second)
        case (.geometry(let first), .geometry(let second)): first == second
        case (.interval(let first), .interval(let second)): first == second
        default: order(first, second) == 0
        }
    }

    /// Whether arrays are the same as sets. Each pair of elements is compared once: asking in both directions would be
    /// exponential in the depth of arrays within arrays.
    private static func areEqual(_ first: [Value], _ second: [Value]) -> Bool {
        var isFound = [Bool](repeating: false, count: second.count)
        for element in first {
            var isContained = false
            for (position, other) in second.enumerated() where areEqual(element, other) {
                isContained = true
                isFound[position] = true
            }
            guard isContained else { return false }
        }
        return isFound.allSatisfy { $0 }
    }

    private static func contains(_ first: [Value], _ second: [Value]) -> Bool {
        second.allSatisfy { element in first.contains { areEqual($0, element) } }
    }

    static func holds(_ relation: ArrayRelation, _ first: [Value], _ second: [Value]) -> Bool {
        switch relation {
        case .equals: areEqual(first, second)
        case .contains: contains(first, second)
        case .containedBy: contains(second, first)
        case .overlaps: second.contains { element in first.contains { areEqual($0, element) } }
        }
    }
}

extension Value {
    var instant: Instant? {
        switch self {
        case .date(let date): .date(date)
        case .timestamp(let timestamp): .timestamp(timestamp)
        default: nil
        }
    }

    /// An instant is the interval that begins and ends with it.
    var period: Interval? {
        if case .interval(let interval) = self { return interval }
        return instant.map { Interval(start: $0, end: $0) }
    }

    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .real(let real): real
        default: nil
        }
    }

    var isNull: Bool {
        switch self {
        case .null: true
        case .real(let real): !real.isFinite
        default: false
        }
    }
}
