internal import CTerminal

/// The real terminal, through curses.
///
/// One per process, and only on the main thread: curses keeps its state in globals.
public final class CursesTerminal: Terminal {
    /// How to open the terminal.
    public struct Options: Sendable {
        /// Where messages to standard error go while the console is up; nil leaves them on the screen.
        public var errorLog: String?
        /// Whether the terminal reports the mouse; without reports its own selection works.
        public var usesMouse: Bool

        /// Chooses how to open the terminal; the mouse is used unless it is turned off.
        public init(errorLog: String? = nil, usesMouse: Bool = true) {
            self.errorLog = errorLog
            self.usesMouse = usesMouse
        }
    }

    /// What terminfo says the terminal can show, unless `NO_COLOR` forbids colours.
    public private(set) var colorDepth: ColorDepth
    /// Unicode where the locale is UTF-8, else the twins in ASCII.
    public let glyphs: GlyphSet

    /// Keys that one reading may bring; the rest waits for the next turn of the loop.
    private static let readLimit = 8192

    private var decoder = KeyDecoder()
    private var shown: Frame?
    private var buffer: [ct_cell] = []
    private var isOpen = true

    /// Blocks the signals that the console handles itself.
    ///
    /// Call it before the process starts its first thread. Children inherit the
    /// blocked signals; whoever starts processes must reset their signal mask.
    public static func blockSignals() {
        ct_block_signals()
    }

    /// Takes the terminal.
    ///
    /// - Parameters:
    ///   - options: Where errors go and whether the mouse is used.
    ///   - environment: Asked for `NO_COLOR` and `TERM`.
    /// - Throws: Why the terminal cannot be used; nothing has changed then.
    public init(options: Options = Options(), environment: [String: String]) throws(TerminalError) {
        let name = environment["TERM"] ?? ""
        switch Int(ct_open(options.errorLog, options.usesMouse ? 1 : 0)) {
        case CT_OPEN_OK: break
        case CT_OPEN_NOT_A_TERMINAL: throw .notATerminal
        case CT_OPEN_TOO_SIMPLE: throw .tooSimple(name)
        default: throw .unknownTerminal(name)
        }
        ct_guard_crash()
        colorDepth = ColorDepth(colors: Int(ct_colors()), environment: environment)
        glyphs = ct_is_unicode() != 0 ? .unicode : .ascii
    }

    deinit {
        close()
    }

    /// What the terminal's driver says; follows the window once a `.resize` was taken.
    public var size: Size {
        var rows: Int32 = 0
        var columns: Int32 = 0
        ct_size(&rows, &columns)
        return Size(rows: Int(rows), columns: Int(columns))
    }

    /// Writes to a descriptor that `wait` watches, which is safe from any thread.
    public var waker: @Sendable () -> Void { { ct_wake() } }

    /// Hands the cells to curses, which sends what differs; the same frame again sends nothing.
    public func show(_ frame: Frame) {
        guard isOpen, frame != shown else { return }
        if buffer.count != frame.cells.count {
            buffer = Array(repeating: ct_cell(), count: frame.cells.count)
        }
        for (index, cell) in frame.cells.enumerated() { buffer[index] = Self.raw(cell) }
        let cursor = frame.textCursor ?? Point(row: -1, column: -1)
        ct_blit(
            buffer, Int32(frame.size.rows), Int32(frame.size.columns), Int32(cursor.row), Int32(cursor.column))
        shown = frame
    }

    /// Waits in one `poll` for keys, the waker and signals; a wait is rounded up to a millisecond.
    public func wait(for timeout: Duration?) -> [TerminalSignal] {
        let ready = Int(ct_wait(timeout.map(Self.milliseconds) ?? -1))
        var signals: [TerminalSignal] = []
        if ready & CT_WAIT_SIGNAL != 0 { signals += takeSignals() }
        if ready & CT_WAIT_WAKE != 0 {
            ct_clear_wake()
            signals.append(.wake)
        }
        if ready & CT_WAIT_INPUT != 0 { signals.append(.input) }
        if ready & CT_WAIT_HANGUP != 0 { signals.append(.hangup) }
        return signals
    }

    /// Reads what has arrived, up to a limit, and decodes it as one reading.
    public func pendingKeys() -> [Key] {
        guard isOpen else { return [] }
        var batch: [RawKey] = []
        while batch.count < Self.readLimit {
            let key = ct_read()
            if Int(key.kind) == CT_KEY_NONE { break }
            if let raw = Self.rawKey(key) { batch.append(raw) }
        }
        return decoder.decode(batch)
    }

    /// Forgets the last frame and what curses believes to be on the screen.
    public func invalidate() {
        shown = nil
        ct_invalidate()
    }

    /// Rings the terminal's bell; a terminal that was given back stays quiet.
    public func ring() {
        if isOpen { ct_bell() }
    }

    /// Asks the terminal for reports of the mouse, or not to send them.
    public func setMouse(isOn: Bool) {
        if isOpen { ct_mouse(isOn ? 1 : 0) }
    }

    /// Gives the screen back and stops the process; returns when it is continued.
    public func stop() {
        guard isOpen else { return }
        ct_stop()
        shown = nil
    }

    /// Runs the command in the foreground with the signals reset; 127 where there was nothing to run.
    public func run(_ arguments: [String]) -> Int32 {
        guard isOpen, !arguments.isEmpty else { return 127 }
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map(Self.duplicate)
        pointers.append(nil)
        defer { for pointer in pointers { pointer?.deallocate() } }
        shown = nil
        return ct_run_foreground(pointers)
    }

    /// Restores the screen, the keyboard and standard error; calling it again does nothing.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        ct_close()
    }

    private func takeSignals() -> [TerminalSignal] {
        var signals: [TerminalSignal] = []
        var next = Int(ct_next_signal())
        while next != CT_SIGNAL_NONE {
            switch next {
            case CT_SIGNAL_RESIZE:
                ct_sync_size()
                shown = nil
                signals.append(.resize)
            case CT_SIGNAL_STOP: signals.append(.stop)
            case CT_SIGNAL_CONTINUE: signals.append(.resumed)
            default: signals.append(.terminate)
            }
            next = Int(ct_next_signal())
        }
        return signals
    }
}

extension CursesTerminal {
    private static func raw(_ cell: Cell) -> ct_cell {
        let style = cell.style
        return ct_cell(
            scalars: (cell.glyph.first, cell.glyph.second, cell.glyph.third, cell.glyph.fourth),
            foreground: index(of: style.foreground), background: index(of: style.background),
            attributes: UInt16(style.attributes.rawValue))
    }

    private static func index(of color: TerminalColor) -> Int16 {
        switch color {
        case .standard: -1
        case .named(let name): Int16(name.rawValue)
        case .indexed(let index): Int16(index)
        }
    }

    /// Rounds up, so that a wait never ends just before its time and spins.
    private static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private static func duplicate(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { pointer[index] = byte }
        return pointer
    }

    private static func rawKey(_ key: ct_key) -> RawKey? {
        switch Int(key.kind) {
        case CT_KEY_CHARACTER: .scalar(key.code)
        case CT_KEY_FUNCTION: function(Int(key.code)).map { .key($0) }
        case CT_KEY_MOUSE:
            mouse(Int(key.code)).map { .key(.mouse($0, Point(row: Int(key.row), column: Int(key.column)))) }
        case CT_KEY_PASTE_BEGIN: .pasteBegin
        case CT_KEY_PASTE_END: .pasteEnd
        case CT_KEY_FOCUS_IN: .key(.focus(isGained: true))
        case CT_KEY_FOCUS_OUT: .key(.focus(isGained: false))
        default: nil
        }
    }

    private static func mouse(_ code: Int) -> MouseAction? {
        switch code {
        case CT_MOUSE_PRESS: .press
        case CT_MOUSE_RELEASE: .release
        case CT_MOUSE_SECONDARY: .secondary
        case CT_MOUSE_WHEEL_UP: .wheelUp
        case CT_MOUSE_WHEEL_DOWN: .wheelDown
        default: nil
        }
    }

    private static func function(_ code: Int) -> Key? {
        switch code {
        case CT_FUNCTION_UP: .up
        case CT_FUNCTION_DOWN: .down
        case CT_FUNCTION_LEFT: .left
        case CT_FUNCTION_RIGHT: .right
        case CT_FUNCTION_HOME: .home
        case CT_FUNCTION_END: .end
        case CT_FUNCTION_PAGE_UP: .pageUp
        case CT_FUNCTION_PAGE_DOWN: .pageDown
        case CT_FUNCTION_INSERT: .insert
        case CT_FUNCTION_DELETE: .delete
        case CT_FUNCTION_BACKSPACE: .backspace
        case CT_FUNCTION_ENTER: .enter
        case CT_FUNCTION_BACK_TAB: .backTab
        default: code > CT_FUNCTION_F0 ? .function(code - CT_FUNCTION_F0) : nil
        }
    }
}
