import CProcess
import StatesLanguage

/// One process, for ever: a number is given to another process some day, a number with its start time is not.
package struct ProcessIdentity: Sendable, Hashable {
    /// The number.
    package let pid: Int32
    /// When it started, in clock ticks since the machine did.
    package let startTime: UInt64
    /// Which run of the machine.
    package let bootID: String

    /// Names a process.
    package init(pid: Int32, startTime: UInt64, bootID: String) {
        self.pid = pid
        self.startTime = startTime
        self.bootID = bootID
    }

    /// The process that has a number at this moment; nil where none has.
    static func holder(of pid: Int32) -> ProcessIdentity? {
        let startTime = cp_start_time(pid)
        return startTime == 0 ? nil : ProcessIdentity(pid: pid, startTime: startTime, bootID: currentBootID)
    }

    /// This run of the machine.
    static let currentBootID: String = {
        var buffer = [CChar](repeating: 0, count: 64)
        guard cp_boot_id(&buffer, buffer.count) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()

    /// The process still runs.
    ///
    /// One that has ended and only waits to be buried does not.
    var isAlive: Bool { bootID == Self.currentBootID && cp_is_alive(pid, startTime) }

    /// Sends a signal; does nothing when the process is gone.
    func send(_ signal: Int32) {
        guard bootID == Self.currentBootID else { return }
        // The only failure is that it is gone, which is what a signal to end it is for.
        _ = cp_signal(pid, startTime, signal)
    }

    /// The identity as it is stored.
    var json: JSONValue {
        [
            "pid": .number(JSONNumber(Int(pid))), "start_time": .string(String(startTime)),
            "boot_id": .string(bootID),
        ]
    }

    /// Reads an identity as it was stored; nil for anything else.
    init?(json: JSONValue) {
        guard let pid = json["pid"]?.intValue.flatMap(Int32.init(exactly:)), let bootID = json["boot_id"]?.stringValue,
            let startTime = json["start_time"]?.stringValue.flatMap(UInt64.init)
        else { return nil }
        self.init(pid: pid, startTime: startTime, bootID: bootID)
    }
}
