/// The place of a value inside a document (RFC 6901), such as `/States/Wait/Next`.
///
/// A reader makes one for all that it looks at, and needs the text of hardly any: so a pointer is the step from the
/// pointer around it, and its text is put together only when it is asked for.
struct JSONPointer: Sendable {
    private let last: Step?

    /// The whole document.
    static let root = JSONPointer(last: nil)

    /// The last step, behind those of the pointer around it.
    private final class Step: Sendable {
        let outer: Step?
        let name: Name

        init(_ outer: Step?, _ name: Name) {
            self.outer = outer
            self.name = name
        }

        /// Hands over the steps below another, the outermost first; there are no more than a document is deep.
        func walk(below end: Step?, _ take: (Name) -> Void) {
            guard self !== end else { return }
            outer?.walk(below: end, take)
            take(name)
        }
    }

    private enum Name: Sendable {
        case member(String)
        case element(Int)
    }

    private init(last: Step?) { self.last = last }

    /// The place of a member.
    func appending(_ name: String) -> JSONPointer { JSONPointer(last: Step(last, .member(name))) }

    /// The place of an element.
    func appending(_ position: Int) -> JSONPointer { JSONPointer(last: Step(last, .element(position))) }

    /// The place of what holds the value.
    var parent: JSONPointer { JSONPointer(last: last?.outer) }

    /// The name of the member that the value is; nil for elements and the document.
    var memberName: String? {
        if case .member(let name)? = last?.name { name } else { nil }
    }

    /// The pointer as RFC 6901 writes it.
    var text: String {
        var text = ""
        last?.walk(below: nil) { name in
            text += "/"
            switch name {
            case .member(let name): text += Self.escaped(name)
            case .element(let position): text += String(position)
            }
        }
        return text
    }

    /// The way from a pointer around this one, as the errors of a run write it: `Catch[1]/Output/total`.
    func path(from outer: JSONPointer) -> String {
        var path = ""
        last?.walk(below: outer.last) { name in
            switch name {
            case .member(let name):
                if !path.isEmpty { path += "/" }
                path += name
            case .element(let position): path += "[\(position)]"
            }
        }
        return path
    }

    private static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        var escaped: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "~"): escaped.append(contentsOf: "~0".utf8)
            case UInt8(ascii: "/"): escaped.append(contentsOf: "~1".utf8)
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
