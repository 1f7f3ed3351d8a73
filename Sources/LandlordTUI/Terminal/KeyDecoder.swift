/// A key as the terminal layer reports it, before anybody has thought about it.
public enum RawKey: Hashable, Sendable {
    case scalar(UInt32)
    case key(Key)
    case pasteBegin
    case pasteEnd
}

/// Turns what the terminal sends into keys.
///
/// Three things need more than a table. Text between the marks of a bracketed paste is one key. Escape right before a
/// character, in the same reading, is Alt. And an escape sequence that terminfo does not know arrives as Escape and
/// loose letters: they are swallowed as a whole, because in a console where uppercase letters change things the tail
/// of an unknown sequence must not be read as keys.
public struct KeyDecoder: Sendable {
    /// The most scalars that one paste may have; the rest of it is left out.
    public static let pasteLimit = 65_536

    private var paste: String.UnicodeScalarView?
    private var pasteCount = 0

    /// Starts outside a paste.
    public init() {}

    /// Whether a paste has begun and not ended.
    public var isPasting: Bool { paste != nil }

    /// Returns the keys in what one reading brought.
    public mutating func decode(_ batch: [RawKey]) -> [Key] {
        var keys: [Key] = []
        var index = 0
        while index < batch.count {
            let raw = batch[index]
            index += 1
            if paste != nil {
                if let key = continuePaste(raw) { keys.append(key) }
                continue
            }
            switch raw {
            case .pasteBegin:
                paste = String.UnicodeScalarView()
                pasteCount = 0
            case .pasteEnd: break
            case .key(let key): keys.append(key)
            case .scalar(0x1B): keys.append(contentsOf: escape(in: batch, at: &index))
            case .scalar(let value):
                if let key = Self.key(of: value) { keys.append(key) }
            }
        }
        return keys
    }

    private mutating func continuePaste(_ raw: RawKey) -> Key? {
        switch raw {
        case .pasteEnd:
            defer { paste = nil }
            return paste.map { .paste(String($0)) }
        case .scalar(let value):
            guard pasteCount < Self.pasteLimit, let scalar = Unicode.Scalar(value == 13 ? 10 : value) else { break }
            paste?.append(scalar)
            pasteCount += 1
        case .key(.enter): return continuePaste(.scalar(10))
        case .key(.tab): return continuePaste(.scalar(9))
        case .key, .pasteBegin: break
        }
        return nil
    }

    /// Reads what follows an Escape in the same batch.
    private func escape(in batch: [RawKey], at index: inout Int) -> [Key] {
        guard index < batch.count, case .scalar(let next) = batch[index], next != 0x1B else { return [.escape] }
        let isSequence = next == 0x5B || next == 0x4F  // "[" and "O".
        if isSequence, index + 1 < batch.count, case .scalar = batch[index + 1] {
            index += 1
            return sequence(in: batch, at: &index, isLong: next == 0x5B)
        }
        guard let scalar = Unicode.Scalar(next), CharacterWidth.columns(of: scalar).map({ $0 > 0 }) == true else {
            return [.escape]
        }
        index += 1
        return [.alt(Character(scalar))]
    }

    /// Swallows a control sequence up to its final byte and names the few that matter.
    private func sequence(in batch: [RawKey], at index: inout Int, isLong: Bool) -> [Key] {
        var final: UInt32?
        while index < batch.count, final == nil, case .scalar(let value) = batch[index] {
            index += 1
            if !isLong || (0x40...0x7E).contains(value) { final = value }
        }
        guard let final, let scalar = Unicode.Scalar(final) else { return [] }
        switch Character(scalar) {
        case "A": return [.up]
        case "B": return [.down]
        case "C": return [.right]
        case "D": return [.left]
        case "H": return [.home]
        case "F": return [.end]
        case "Z": return isLong ? [.backTab] : []
        case "P" where !isLong: return [.function(1)]
        case "Q" where !isLong: return [.function(2)]
        case "R" where !isLong: return [.function(3)]
        case "S" where !isLong: return [.function(4)]
        default: return []
        }
    }

    private static func key(of value: UInt32) -> Key? {
        switch value {
        case 0: return .control(" ")
        case 8, 0x7F: return .backspace
        case 9: return .tab
        case 10, 13: return .enter
        case 0x1B: return .escape
        case 1...26: return Unicode.Scalar(value + 0x60).map { .control(Character($0)) }
        case 0x1C...0x1F: return Unicode.Scalar(value + 0x40).map { .control(Character($0)) }
        default: break
        }
        guard let scalar = Unicode.Scalar(value), CharacterWidth.columns(of: scalar) != nil else { return nil }
        return .character(Character(scalar))
    }
}
