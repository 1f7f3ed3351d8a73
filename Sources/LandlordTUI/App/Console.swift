import LandlordDomain
import StatesLanguage

/// The console as the loop runs it: the model, and the clock that it must not look at itself.
struct Console: ConsoleProgram {
    var model: ConsoleModel
    /// The command that edits a file; its last argument is the path.
    let editor: @Sendable (_ path: String) -> [String]
    let clock: @Sendable () -> Timestamp

    mutating func update(_ event: ConsoleEvent) -> [ConsoleEffect] { model.update(event) }

    func view(size: Size, theme: Theme) -> Frame { ConsoleView(model: model).frame(size: size, theme: theme) }

    func event(for input: ConsoleInput) -> ConsoleEvent? {
        switch input {
        case .key(let key): ConsoleEvent(at: clock(), kind: .key(key))
        case .resize(let size): ConsoleEvent(at: clock(), kind: .resize(size))
        case .tick: ConsoleEvent(at: clock(), kind: .tick)
        case .terminate: nil
        }
    }

    func request(for effect: ConsoleEffect) -> TerminalRequest<ConsoleEvent>? {
        switch effect {
        case .quit: .quit
        case .stop: .stop
        case .redraw: .redraw
        case .ring: .ring
        case .edit(let draft):
            .run(arguments: editor(draft.path)) { [clock] code in
                ConsoleEvent(at: clock(), kind: .editorEnded(draft, code: code))
            }
        case .load, .submit, .draft: nil
        }
    }

    var nextTick: Duration? { model.nextTick }
}
