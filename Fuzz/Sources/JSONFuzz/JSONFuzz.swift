import FuzzSupport
import StatesLanguage

/// Texts that are JSON must survive printing and reading, and their values must be found where they stand.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // What is not JSON is refused, as it should be.
    guard let value = try? JSONValue(parsing: bytes) else { return 0 }
    let printed = value.serializedBytes()
    // An error where there must be none fails the comparison behind it.
    let again = try? JSONValue(parsing: printed)
    precondition(again == value && again?.serializedBytes() == printed, "A value changes when it is printed and read.")
    let canonical = value.canonical()
    // So does it here,
    precondition((try? JSONValue(parsing: canonical))?.canonical() == canonical, "Canonical text is not stable.")
    // here,
    precondition((try? JSONValue(parsing: value.pretty())) == value, "A value changes when it is laid out.")
    // and here.
    let locations = try? JSONLocations(bytes)
    precondition(locations?.value(at: "") != nil, "The whole value has no place.")
    for position in 0..<(value.arrayValue?.count ?? 0) {
        precondition(locations?.value(at: "/\(position)") != nil, "An element has no place.")
    }
    return 0
}
