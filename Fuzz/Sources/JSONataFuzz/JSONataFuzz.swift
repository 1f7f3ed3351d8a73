import FuzzSupport
import StatesLanguage

/// JSONata expressions that parse must give a value or fail within their limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let expression = "{% \(Fuzzing.text(start, count)) %}"
    Fuzzing.run(fields: ["Output": .string(expression)], queryLanguage: "JSONata")
    return 0
}
