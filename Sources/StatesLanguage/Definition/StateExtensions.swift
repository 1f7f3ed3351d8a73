/// What a state may say beyond the Amazon States Language, in its field `Extensions`.
///
/// Other engines refuse the field, so a definition that has it runs here alone.
public struct StateExtensions: Sendable, Hashable {
    /// The most characters the name of a semaphore may have.
    public static let semaphoreNameLimit = 80
    /// What a priority may be.
    public static let priorityRange = -1000...1000

    /// The named limit that the state's task must have a place in while it is worked on.
    public let semaphore: String?
    /// Tasks of a higher priority are handed out first; 0 where nothing is said.
    public let priority: Int
    /// The place of the state that takes back what this one has done.
    let compensation: Int?

    static let none = StateExtensions(semaphore: nil, priority: 0, compensation: nil)
}

extension StateParser {
    /// Reads `Extensions`, which a Task may have, and with `Compensation` alone a Parallel or Map.
    func extensions(of type: StateType) -> StateExtensions {
        guard let reader = reader.child("Extensions") else { return .none }
        let taskFields = ["Priority", "Semaphore"]
        reader.refuseFields(except: ["Compensation"], and: type == .task ? taskFields : [])
        var semaphore = reader.string("Semaphore")
        if let name = semaphore, name.isEmpty || name.unicodeScalars.count > StateExtensions.semaphoreNameLimit {
            reader.report(
                .invalidValue, "Semaphore",
                "A semaphore's name has 1 to \(StateExtensions.semaphoreNameLimit) characters")
            semaphore = nil
        }
        return StateExtensions(
            semaphore: semaphore, priority: reader.integer("Priority", in: StateExtensions.priorityRange) ?? 0,
            compensation: target(reader, "Compensation"))
    }
}

/// What a definition may say beyond the Amazon States Language, in its own field `Extensions`.
struct MachineExtensions: Sendable, Hashable {
    /// Whether a run that fails or times out takes back what it has done, as one that is cancelled does.
    let compensatesOnFailure: Bool

    init(_ reader: FieldReader) {
        let reader = reader.child("Extensions")
        reader?.refuseFields(except: ["CompensateOnFailure"])
        compensatesOnFailure = reader?.boolean("CompensateOnFailure") ?? false
    }
}
