/// The place of a value inside a document (RFC 6901), such as `/States/Wait/Next`.
struct JSONPointer: Sendable, Hashable {
    let text: String

    /// The whole document.
    static let root = JSONPointer(text: "")

    /// The place of a member or, with its number as the name, of an element.
    func appending(_ name: String) -> JSONPointer {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return JSONPointer(text: text + "/" + name)
        }
        var escaped: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "~"): escaped.append(contentsOf: "~0".utf8)
            case UInt8(ascii: "/"): escaped.append(contentsOf: "~1".utf8)
            default: escaped.append(byte)
            }
        }
        return JSONPointer(text: text + "/" + String(decoding: escaped, as: UTF8.self))
    }
}
