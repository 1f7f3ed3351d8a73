import Foundation

/// Finds the supervisor program.
public enum SupervisorLocation {
    /// The program's name.
    public static let programName = "landlord-supervisor"

    /// What `LANDLORD_SUPERVISOR` names, or else the program beside the running one, where an installation and a build
    /// both put it.
    ///
    /// - Returns: nil where there is none; then the process provider cannot start anything.
    public static func find(variable: (_ name: String) -> String?) -> String? {
        if let path = variable("LANDLORD_SUPERVISOR"), !path.isEmpty { return isProgram(path) ? path : nil }
        // Without /proc there is no supervision either.
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        let folder = URL(fileURLWithPath: own).deletingLastPathComponent()
        let places = [folder, folder.deletingLastPathComponent().appendingPathComponent("libexec/landlord")]
        return places.map { $0.appendingPathComponent(programName).path }.first(where: isProgram)
    }

    private static func isProgram(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }
}
