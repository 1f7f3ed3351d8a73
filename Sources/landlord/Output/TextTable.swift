import LandlordTUI

/// A table for people: columns of the width of what they hold, two blanks between them, no colours, no lines.
///
/// Every cell is made safe to show here, so that no command can forget it.
struct TextTable {
    private let header: [String]
    private var rows: [[DisplayText]] = []

    /// A table with these names of columns.
    init(_ header: String...) {
        self.header = header
    }

    /// A table of rows, made from items.
    init<Item>(_ header: [String], _ items: [Item], row: (Item) -> [String]) {
        self.header = header
        for item in items { append(row(item)) }
    }

    /// Adds a row; an empty cell is shown as a dash.
    mutating func append(_ cells: [String]) {
        rows.append(cells.map { $0.isEmpty ? "-" : DisplayText.sanitize($0) })
    }

    /// The table as text.
    ///
    /// - Parameter columns: The width of the terminal, to which the last column is cut; nil leaves all of it.
    /// - Returns: One line for the header and one for each row.
    func rendered(columns: Int?) -> String {
        let all = [header.map { DisplayText.sanitize($0) }] + rows
        var widths = header.map { _ in 0 }
        for row in all {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], cell.width)
            }
        }
        return all.map { line($0, widths: widths, columns: columns) + "\n" }.joined()
    }

    private func line(_ row: [DisplayText], widths: [Int], columns: Int?) -> String {
        var line = ""
        var used = 0
        for (index, cell) in row.enumerated() {
            guard index < row.count - 1 else {
                let room = columns.map { max(8, $0 - used) } ?? Int.max
                return line + Self.cut(cell, to: room)
            }
            line += cell.string + String(repeating: " ", count: widths[index] - cell.width + 2)
            used += widths[index] + 2
        }
        return line
    }

    private static func cut(_ cell: DisplayText, to columns: Int) -> String {
        guard cell.width > columns else { return cell.string }
        let kept = cell.wrapped(to: columns - 1).first ?? .empty
        return kept.string + "…"
    }
}

/// Names and values below each other, for one thing.
struct TextFields {
    private var fields: [(name: String, value: String)] = []

    /// No fields.
    init() {}

    /// Adds a field; one without a value is left out.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        fields.append((name, value))
    }

    /// The fields as text.
    var rendered: String {
        let width = fields.map(\.name.count).max() ?? 0
        return fields.map { field in
            let lines = DisplayText.lines(field.value).map(\.string)
            let indent = String(repeating: " ", count: width + 2)
            let name = field.name + String(repeating: " ", count: width - field.name.count + 2)
            return name + lines.joined(separator: "\n" + indent) + "\n"
        }.joined()
    }
}
