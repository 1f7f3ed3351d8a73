import StatesLanguage

/// The stored form of a run's state: without what the run was started with, which is in the first link of its log.
enum StoredState {
    private static let startKey = "start"

    static func json(_ state: RunState) -> JSONValue {
        guard var object = state.json.objectValue else { return state.json }
        object[startKey] = nil
        return .object(object)
    }

    /// The state that was stored as `json` for a run whose first input is `start`.
    static func state(_ json: JSONValue, start: JSONValue) throws(RepositoryError) -> RunState {
        guard var object = json.objectValue else { throw .unusable("a run's state is no object") }
        object[startKey] = start["start"] ?? .null
        do {
            return try RunState(json: .object(object))
        } catch {
            throw .unusable("a run's state cannot be read: \(error)")
        }
    }
}
