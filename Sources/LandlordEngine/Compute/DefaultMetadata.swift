/// The labels that everything made for a tenant carries, whatever provider makes it (reference 2.6).
public enum DefaultMetadata {
    /// Merges a tenant's labels with the default ones, which win: ownership must not be forged by a spec.
    public static func labels(_ labels: [String: String], tenantID: String, provider: String) -> [String: String] {
        let own = [
            "landlord.owner": "landlord", "landlord.tenant_id": tenantID, "landlord.provider": provider,
        ]
        return labels.merging(own) { _, own in own }
    }
}
