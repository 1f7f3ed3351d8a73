import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// The window of a list.
struct ListOptions: ParsableArguments {
    @Option(help: ArgumentHelp("At most so many, up to \(PageLimit.largest).", valueName: "n"))
    var limit = PageLimit.standard

    @Option(
        help: ArgumentHelp("Go on behind this place, the 'next' of the window before.", valueName: "cursor"),
        transform: ListOptions.cursor)
    var after: PageCursor?

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("'--limit' must be at least 1, not \(limit)") }
    }

    /// Reads a place in a list that is in the order of time.
    private static func cursor(_ text: String) throws -> PageCursor {
        guard let cursor = PageCursor(text: text), Int64(cursor.key) != nil else {
            throw ValidationError("it is not a place in this list; use the 'next' of a former answer")
        }
        return cursor
    }
}

/// Reads options that are words of ours.
enum OptionText {
    /// One of the words of an enumeration.
    static func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Word {
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let hint = Suggestion.nearest(to: text, among: words).map { "did you mean '\($0)'?" }
        throw ValidationError(hint ?? "it is one of \(words.joined(separator: ", "))")
    }

    /// Words of an enumeration, separated by commas.
    static func words<Word: RawRepresentable<String> & CaseIterable & Hashable>(_ text: String) throws -> Set<Word> {
        var words: Set<Word> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            words.insert(try word(String(part)))
        }
        return words
    }

    /// Labels as `key=value`, separated by commas.
    static func labels(_ text: String) throws -> [String: String] {
        var labels: [String: String] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: "="), equals != part.startIndex else {
                throw ValidationError("a selector is written key=value,...")
            }
            let key = String(part[..<equals])
            guard labels[key] == nil else { throw ValidationError("'\(key)' is given twice") }
            labels[key] = String(part[part.index(after: equals)...])
        }
        return labels
    }

    /// Reads a filter for `validate()`, so that what is wrong with it is said before the database is touched.
    static func check(_ filter: () throws(FilterProblem) -> Void) throws {
        do throws(FilterProblem) {
            try filter()
        } catch {
            throw ValidationError("The filter cannot be used: \(error.description)")
        }
    }

    /// Refuses what no screen can show, so that what is named can also be read and typed again.
    static func refuseControls(in text: String, of what: String) throws {
        guard DisplayText.sanitize(text).string == text else {
            throw ValidationError("\(what) has characters that no screen can show")
        }
    }

    /// A duration as the configuration writes it.
    static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText.parse(text) else {
            throw ValidationError("it \(DurationText.rule)")
        }
        return duration
    }
}

/// How long a command waits for a tenant.
struct TimeoutOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Wait no longer than this (default: 60s); then the exit code is 124.", valueName: "duration"),
        transform: OptionText.duration)
    var timeout: Duration = .seconds(60)
}
