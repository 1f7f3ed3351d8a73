import Foundation
import Glibc
import LandlordEngine
import StatesLanguage

/// What this machine offers to landlord.
struct Machine: Sendable, Hashable {
    private let kernel: String
    private let architecture: String
    private let processorCount: Int
    private let cgroups: String
    private let canLimit: Bool
    private let supervisor: String?
    private let terminal: String
    private let isTerminal: Bool
    private let usesUnicode: Bool

    /// Looks at the machine.
    init(environment: [String: String]) {
        var names = utsname()
        uname(&names)
        kernel = Self.text(names.sysname) + " " + Self.text(names.release)
        architecture = Self.text(names.machine)
        processorCount = ProcessInfo.processInfo.activeProcessorCount
        let root = "/sys/fs/cgroup"
        let isUnified = access(root + "/cgroup.controllers", F_OK) == 0
        cgroups = isUnified ? "version 2" : access(root + "/memory", F_OK) == 0 ? "version 1" : "none"
        canLimit = access(isUnified ? root : root + "/memory", W_OK) == 0
        supervisor = SupervisorLocation.find { environment[$0] }
        terminal = environment["TERM"] ?? ""
        isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        usesUnicode = locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
    }

    /// What is missing, and what that means.
    var problems: [String] {
        var problems: [String] = []
        if supervisor == nil {
            problems.append(
                "there is no \(SupervisorLocation.programName) beside this program and $LANDLORD_SUPERVISOR names "
                    + "none: the process provider cannot start anything")
        }
        if !canLimit { problems.append("cgroups cannot be written: the limits of tenants are not enforced") }
        if isTerminal, !usesUnicode {
            problems.append("the locale is not UTF-8: the console draws with ASCII; set LANG to C.UTF-8 or your own")
        }
        return problems
    }

    /// The machine as scripts see it.
    var document: JSONValue {
        [
            "kernel": .string(kernel), "architecture": .string(architecture), "processors": JSONValue(processorCount),
            "cgroups": .string(cgroups), "cgroups_writable": .bool(canLimit), "supervisor": JSONValue(supervisor),
            "terminal": .string(terminal), "is_terminal": .bool(isTerminal), "utf8": .bool(usesUnicode),
        ]
    }

    /// The machine for people.
    var fields: TextFields {
        var fields = TextFields()
        fields.add("kernel", "\(kernel) on \(architecture), \(processorCount) processors")
        fields.add("cgroups", "\(cgroups), \(canLimit ? "limits are enforced" : "limits are not enforced")")
        fields.add("supervisor", supervisor ?? "not found")
        let name = terminal.isEmpty ? "unknown" : terminal
        fields.add(
            "terminal", "\(name), \(isTerminal ? "interactive" : "not interactive"), \(usesUnicode ? "UTF-8" : "ASCII")"
        )
        return fields
    }

    private static func text<Bytes>(_ bytes: Bytes) -> String {
        withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
