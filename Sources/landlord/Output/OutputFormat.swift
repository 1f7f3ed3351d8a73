import ArgumentParser
import LandlordDomain
import LandlordTUI
import StatesLanguage

/// How a listing or a get is written.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// For scripts; the names of the fields are stable.
    case json
    /// The same document as `json`.
    case yaml
}

/// `-o`, for every listing and get.
struct OutputOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: "table, json or yaml.")
    var output = OutputFormat.table

    /// Writes a document, or the table that stands for it.
    func write(_ document: JSONValue, table: () -> String) throws(Failure) {
        switch output {
        case .table: try StandardStream.write(visible: table())
        case .json: try StandardStream.write(VisibleJSON.text(document))
        case .yaml: try StandardStream.write(YAMLText.text(document))
        }
    }

    /// Writes one window of a list.
    func write<Item>(
        _ page: Page<Item>, document: (Item) -> JSONValue, table: TextTable
    ) throws(Failure) {
        let whole: JSONValue = [
            "items": .array(page.items.map(document)), "next": page.next.map { .string($0.text) } ?? .null,
        ]
        try write(whole) { table.rendered(columns: StandardStream.columns) }
        if output == .table, let next = page.next {
            StandardStream.progress("there are more: --after '\(next.text)'")
        }
    }
}

/// JSON for a terminal as well as for a program: what a terminal would act on is written as an escape.
enum VisibleJSON {
    /// The document, laid out for people, with a line feed at its end.
    static func text(_ document: JSONValue) -> String { escaped(document.pretty()) + "\n" }

    /// The same JSON with every scalar that no terminal may see as `\uXXXX`; such a scalar stands inside a text only.
    static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isHidden) else { return json }
        var safe = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            guard isHidden(scalar) else {
                safe.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                safe.append(contentsOf: ("\\u" + zeros + digits).unicodeScalars)
            }
        }
        return String(safe)
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\n" && CharacterWidth.columns(of: scalar) == nil
    }
}
