// Tarjan's algorithm finds the largest groups of nodes in which each leads to each other: it numbers nodes as a search
// meets them, and notes for each the smallest number that can be reached from it over nodes not yet in a group. A node
// that reaches no smaller number than its own is the first of a group, which lies on the stack above it. The usual
// recursion is written out with a stack of its own here, since a definition may have a chain of thousands of states.

/// The strongly connected components of a graph whose nodes are numbers.
package struct StrongComponents {
    /// The groups that are loops: of more than one node, or of one that leads to itself; nodes in order.
    package private(set) var loops: [[Int]] = []

    private var numbers: [Int?]
    private var lowest: [Int]
    private var isOpen: [Bool]
    private var stack: [Int] = []
    private var counter = 0

    /// Finds the loops among the nodes 0 to `count - 1`.
    package init(count: Int, targets: (Int) -> [Int]) {
        numbers = Array(repeating: nil, count: count)
        lowest = Array(repeating: 0, count: count)
        isOpen = Array(repeating: false, count: count)
        for node in 0..<count where numbers[node] == nil { search(from: node, targets) }
        loops.sort { $0[0] < $1[0] }
    }

    private mutating func search(from root: Int, _ targets: (Int) -> [Int]) {
        var path: [(node: Int, targets: [Int], next: Int)] = [enter(root, targets)]
        while var top = path.popLast() {
            if top.next < top.targets.count {
                let target = top.targets[top.next]
                top.next += 1
                path.append(top)
                if numbers[target] == nil {
                    path.append(enter(target, targets))
                } else if isOpen[target] {
                    lowest[top.node] = min(lowest[top.node], numbers[target] ?? 0)
                }
                continue
            }
            if let parent = path.last?.node { lowest[parent] = min(lowest[parent], lowest[top.node]) }
            if lowest[top.node] == numbers[top.node] { close(top.node, leadsToItself: top.targets.contains(top.node)) }
        }
    }

    private mutating func enter(_ node: Int, _ targets: (Int) -> [Int]) -> (node: Int, targets: [Int], next: Int) {
        numbers[node] = counter
        lowest[node] = counter
        counter += 1
        stack.append(node)
        isOpen[node] = true
        return (node, targets(node), 0)
    }

    private mutating func close(_ first: Int, leadsToItself: Bool) {
        var group: [Int] = []
        while let node = stack.popLast() {
            isOpen[node] = false
            group.append(node)
            if node == first { break }
        }
        if group.count > 1 || leadsToItself { loops.append(group.sorted()) }
    }
}
