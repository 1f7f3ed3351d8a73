import FuzzSupport
import StatesLanguage

/// Definitions must be refused with a message or run; the linter must know which of the two will happen.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let findings = Linter().findings(in: Array(bytes))
    let isRefusedByLinter = findings.contains { $0.severity == .error }
    // What is not JSON is another target's.
    guard let definition = try? JSONValue(parsing: bytes) else {
        precondition(isRefusedByLinter, "The linter takes what is not JSON.")
        return 0
    }
    // Only whether it is refused counts.
    let isRefused = (try? StateMachine(definition: definition)) == nil
    precondition(isRefusedByLinter || !isRefused, "The linter takes what is refused.")
    Fuzzing.run(definition: definition)
    return 0
}
