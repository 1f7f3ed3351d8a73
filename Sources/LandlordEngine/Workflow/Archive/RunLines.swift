import LandlordDomain
import StatesLanguage

/// Runs as lines of JSON: `run`, and behind it an `input` for each link of its log; `workflow` before the first run
/// that was on a version.
///
/// A run that is over is written as it is recorded, so that the chain of its digests can be computed again from the
/// lines. Of one that is not over, the tokens are hidden with which its tasks are answered, and so is the chance of
/// which they are made; its lines cannot be checked.
enum RunLines {
    /// The lines of a run that was on these versions.
    static func lines(of recorded: RecordedRun, on versions: [Int]) throws(RepositoryError) -> [JSONValue] {
        let run = recorded.run
        let (isWhole, tokens) = (recorded.isWhole, recorded.openTokens)
        let output = run.output ?? .null
        var lines: [JSONValue] = [
            [
                "kind": "run", "run": .string(run.id), "workflow": .string(run.workflowID),
                "version": .number(JSONNumber(run.definitionVersion)),
                "versions": .array(versions.map { .number(JSONNumber($0)) }), "status": .string(run.status.rawValue),
                "tenant_id": run.tenantID.map { .string($0.rawValue) } ?? .null, "triggered_by": .string(run.trigger),
                "created_at": .string(run.createdAt.rfc3339), "ended_at": text(run.endedAt?.rfc3339),
                "error_code": text(run.error?.code), "error_message": text(run.error?.message),
                "output": isWhole ? output : TokenRedaction.without(output, tokens: tokens),
                "inputs": .number(JSONNumber(run.inputCount)), "events": .number(JSONNumber(run.eventCount)),
                "hash": isWhole ? .string(Hexadecimal.text(recorded.hash)) : .null,
            ]
        ]
        for link in recorded.links {
            lines.append(try line(of: link, runID: run.id, isWhole: isWhole, hiding: tokens))
        }
        return lines
    }

    private static func line(
        of read: RunLog.ReadLink, runID: String, isWhole: Bool, hiding tokens: Set<String>
    ) throws(RepositoryError) -> JSONValue {
        let input = try read.link.inputJSON()
        let events = JSONValue.array(try read.link.historyEvents().map(\.json))
        return [
            "kind": "input", "run": .string(runID), "number": .number(JSONNumber(read.number)),
            "at": .string(read.link.at.rfc3339), "seed": isWhole ? .string("\(read.link.seed)") : .null,
            "hash": isWhole ? .string(Hexadecimal.text(read.hash)) : .null,
            "input": isWhole ? input : TokenRedaction.without(input, tokens: tokens),
            "history": isWhole ? events : TokenRedaction.without(events, tokens: tokens),
        ]
    }

    /// The line of a version of a workflow.
    static func line(of definition: StoredDefinition) -> JSONValue {
        [
            "kind": "workflow", "workflow": .string(definition.workflowID),
            "version": .number(JSONNumber(definition.version)), "definition": definition.document,
        ]
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}

/// Digests as texts.
enum Hexadecimal {
    /// Two digits for each byte.
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
    /// The bytes of a text of digits; nothing for another text.
    static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return [] }
        return stride(from: 0, to: digits.count, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
        }
    }
}
