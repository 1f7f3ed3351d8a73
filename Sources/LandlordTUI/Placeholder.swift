import CTerminal
public enum TUIPlaceholder { public static func x() -> Int32 { ct_placeholder() } }
