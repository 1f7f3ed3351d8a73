import FuzzSupport
import StatesLanguage

/// Calls of intrinsic functions that parse must compute or fail.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Fuzzing.text(start, count)
    Fuzzing.run(fields: ["Parameters": ["x.$": .string(text)]])
    Fuzzing.run(fields: ["Parameters": ["x.$": .string("States.\(text)")]])
    return 0
}
