import FuzzSupport
import StatesLanguage

/// Paths that parse must select or fail, in every field that takes one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let path = JSONValue.string(Fuzzing.text(start, count))
    Fuzzing.run(fields: ["Parameters": ["x.$": path]])
    Fuzzing.run(fields: ["InputPath": path])
    Fuzzing.run(fields: ["ResultPath": path])
    return 0
}
