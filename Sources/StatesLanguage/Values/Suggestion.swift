/// Finds the word that a person probably meant.
public enum Suggestion {
    /// Words longer than this are not compared: nobody mistypes them by accident, and the comparison is quadratic.
    static let lengthLimit = 64

    /// The word of `words` with the fewest changed letters, if they are few enough to be a slip.
    public static func nearest(to word: String, among words: [String]) -> String? {
        let typed = Array(word.lowercased().utf8)
        guard !typed.isEmpty, typed.count <= lengthLimit else { return nil }
        let tolerance = max(1, typed.count / 3)
        let ranked = words.map { (word: $0, distance: distance(typed, Array($0.lowercased().utf8))) }
        return ranked.filter { $0.distance <= tolerance }.min { $0.distance < $1.distance }?.word
    }

    /// Counts the letters to insert, remove or change, and the neighbours to swap (Damerau and Levenshtein).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !right.isEmpty else { return left.count }
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            for (column, rightByte) in right.enumerated() {
                let change = previous[column] + (leftByte == rightByte ? 0 : 1)
                var least = min(change, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
                    least = min(least, beforePrevious[column - 1] + 1)
                }
                current.append(least)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
