import LandlordDomain
import StatesLanguage

/// Computes the chains of runs again from the lines that were written of them, and takes the runs through their inputs
/// on the definitions that are there with them.
///
/// It is given one line after the other and keeps one run, so that a file of any size can be checked.
public struct RunLineCheck: Sendable {
    private var report = VerificationReport()

    /// The run whose lines come now.
    private struct Current {
        let id: String
        let workflowID: String
        /// The version on which it has ended.
        let version: Int
        /// The versions that it was on, which are all there then; nil in an older file, which has the last.
        let versions: JSONValue?
        /// What the run's line says of its end.
        let end: End
        let inputCount: Int
        let eventCount: Int
        /// The last digest; nil where the run was not over.
        let hash: String?
        var head = RunLog.Head()
        var links: [RunLog.Link] = []
        var isBroken = false
    }

    /// How a run has ended.
    private struct End: Sendable, Hashable {
        let status: String?
        let output: JSONValue
        let errorCode: String?
        let errorMessage: String?

        init(line: JSONValue) {
            status = line["status"]?.stringValue
            output = line["output"] ?? .null
            errorCode = line["error_code"]?.stringValue
            errorMessage = line["error_message"]?.stringValue
        }

        init(_ summary: RunSummary) {
            status = summary.status.rawValue
            output = summary.output ?? .null
            errorCode = summary.error?.code
            errorMessage = summary.error?.message
        }
    }

    private struct Version: Sendable, Hashable {
        let workflowID: String
        let number: Int
    }

    private var lineNumber = 0
    private var machines: [Version: StateMachine] = [:]
    private var current: Current?

    /// A check that has seen nothing yet.
    public init() {
        for name in ["runs", Self.unchecked] { report.count(name, 0) }
    }

    private static let unchecked = "runs that are not over and cannot be checked"
    private static let halfChecked = "runs without their first definition, of which the chain alone can be checked"

    /// Takes the next line.
    public mutating func take(_ line: [UInt8]) {
        lineNumber += 1
        let json: JSONValue
        do throws(JSONParseError) {
            json = try JSONValue(parsing: line)
        } catch {
            return report(.unreadable, "line \(lineNumber)", "it is not JSON: \(error)")
        }
        switch json["kind"]?.stringValue {
        case "workflow": define(json)
        case "run": begin(json)
        case "input": follow(json)
        default: report(.unreadable, "line \(lineNumber)", "it is neither a workflow nor a run nor an input")
        }
    }

    /// Says that there are no more lines.
    ///
    /// - Returns: What was looked at, and what is wrong: the first for each run.
    public mutating func finish() -> VerificationReport {
        endRun()
        return report
    }

    private mutating func define(_ json: JSONValue) {
        endRun()
        guard let id = json["workflow"]?.stringValue, let number = json["version"]?.intValue,
            let document = json["definition"]
        else { return report(.unreadable, "line \(lineNumber)", "it is no workflow") }
        do throws(DefinitionError) {
            let (version, machine) = (Version(workflowID: id, number: number), try StateMachine(definition: document))
            if let known = machines[version], known != machine {
                report(.unreadable, "line \(lineNumber)", "version \(number) of workflow '\(id)' is another one before")
            }
            machines[version] = machine
        } catch {
            report(.unreadable, "line \(lineNumber)", "its definition cannot be read: \(error)")
        }
    }

    private mutating func begin(_ json: JSONValue) {
        endRun()
        guard let id = json["run"]?.stringValue, let workflowID = json["workflow"]?.stringValue,
            let version = json["version"]?.intValue, let inputs = json["inputs"]?.intValue,
            let events = json["events"]?.intValue
        else { return report(.unreadable, "line \(lineNumber)", "it is no run") }
        current = Current(
            id: id, workflowID: workflowID, version: version, versions: json["versions"], end: End(line: json),
            inputCount: inputs, eventCount: events, hash: json["hash"]?.stringValue)
        report.count("runs", 1)
        if current?.hash == nil { report.count(Self.unchecked, 1) }
    }

    private mutating func follow(_ json: JSONValue) {
        guard var run = current, json["run"]?.stringValue == run.id else {
            return report(.missingHistory, "line \(lineNumber)", "it is an input of a run whose line is not before it")
        }
        defer { current = run }
        guard !run.isBroken else { return }
        guard json["number"]?.intValue == run.head.inputCount + 1 else {
            run.isBroken = true
            return report(
                .missingHistory, "run \(run.id)", "line \(lineNumber) is not input \(run.head.inputCount + 1)")
        }
        do throws(RepositoryError) {
            guard run.hash != nil else {
                run.head.inputCount += 1
                run.head.eventCount += json["history"]?.arrayValue?.count ?? 0
                return
            }
            let link = try RunLog.Link(line: json, behind: run.head)
            run.head = link.head(behind: run.head, of: run.id)
            run.links.append(link)
            guard Hexadecimal.text(run.head.hash) == json["hash"]?.stringValue else {
                run.isBroken = true
                let message = "input \(run.head.inputCount), line \(lineNumber), is not what its digest was made of"
                return report(.hash, "run \(run.id)", message)
            }
        } catch {
            run.isBroken = true
            report(.unreadable, "run \(run.id)", "line \(lineNumber): \(error)")
        }
    }

    private mutating func endRun() {
        guard let run = current else { return }
        current = nil
        guard !run.isBroken else { return }
        guard (run.head.inputCount, run.head.eventCount) == (run.inputCount, run.eventCount) else {
            let message = """
                it has \(run.head.inputCount) inputs and \(run.head.eventCount) events where its line counts \
                \(run.inputCount) and \(run.eventCount)
                """
            return report(.missingHistory, "run \(run.id)", message)
        }
        guard let hash = run.hash else { return }
        guard hash == Hexadecimal.text(run.head.hash) else {
            return report(.hash, "run \(run.id)", "its last input is not the one whose digest its line holds")
        }
        do throws(RepositoryError) {
            try compare(run)
        } catch {
            report(.unreadable, "run \(run.id)", error.description)
        }
    }

    /// Looks whether the inputs of a run whose chain holds lead to its history and to what its line says.
    private mutating func compare(_ run: Current) throws(RepositoryError) {
        let versions = try RunFold.versions(of: run.links, on: run.version)
        let missing = versions.filter { machines[Version(workflowID: run.workflowID, number: $0)] == nil }
        if let version = missing.first {
            guard run.versions != nil || missing.contains(run.version) else {
                return report.count(Self.halfChecked, 1)
            }
            let message = "version \(version) of workflow '\(run.workflowID)' is not in the lines before it"
            return report(.missingHistory, "run \(run.id)", message)
        }
        let fold = try RunFold(run.links, on: run.version) { [machines] version throws(RepositoryError) in
            guard let machine = machines[Version(workflowID: run.workflowID, number: version)] else { throw .notFound }
            return machine
        }.outcome()
        var stored: [HistoryEvent] = []
        for link in run.links { stored += try link.historyEvents() }
        report.add(fold.findings(of: run.id, against: stored))
        let led = JSONValue.array(versions.map { .number(JSONNumber($0)) })
        let isAlike = [
            ("version", run.version == fold.version), ("versions", run.versions == nil || run.versions == led),
            ("end", run.end == End(RunSummary(fold.state))),
        ]
        for (name, isAlike) in isAlike where !isAlike {
            report(.unlikeHistory, "run \(run.id)", "its \(name) is not what its inputs lead to")
        }
    }

    private mutating func report(_ kind: VerificationReport.Finding.Kind, _ subject: String, _ message: String) {
        report.add([.init(kind, subject, message)])
    }
}

extension RunLog.Link {
    /// A link as a line has it.
    fileprivate init(line: JSONValue, behind head: RunLog.Head) throws(RepositoryError) {
        guard let at = line["at"]?.stringValue.flatMap(Timestamp.init(rfc3339:)),
            let seed = line["seed"]?.stringValue.flatMap(Int64.init), let input = line["input"],
            let history = line["history"]?.arrayValue
        else { throw .unusable("it is no input of a run") }
        var events: [HistoryEvent] = []
        do throws(StoredFormError) {
            for event in history { events.append(try HistoryEvent(json: event)) }
        } catch {
            throw .unusable("\(error)")
        }
        try self.init(input: input.serialized(), at: at, seed: seed, events: events, behind: head)
    }
}
