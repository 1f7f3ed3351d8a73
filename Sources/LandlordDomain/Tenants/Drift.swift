/// Says in words how a ready tenant's live state differs from what was applied.
public enum Drift {
    /// The difference of what lives from the config with this hash; nil where there is none.
    public static func describe(observedHash: String?, live: ComputeStatus?) -> String? {
        guard let live else { return "nothing of it exists any more" }
        if let hash = live.configHash, let observedHash, hash != observedHash {
            return "runs another config than was applied"
        }
        let broken = live.containers.filter { $0.state != .running || !$0.isReady }
        if let first = broken.first {
            let others = broken.count > 1 ? " and \(broken.count - 1) more" : ""
            let detail = first.message.isEmpty ? "" : ": \(first.message)"
            return "\(first.name)\(others) is \(first.state == .running ? "not ready" : first.state.rawValue)\(detail)"
        }
        switch live.state {
        case .running: return live.health == .unhealthy ? "its health check fails" : nil
        case .stopped, .starting, .stopping, .failed, .unknown: return "is \(live.state.rawValue)"
        }
    }
}
