package import LandlordDomain
import StatesLanguage

/// The workflows that ship with the program: one for each operation on a tenant.
package enum TenantWorkflows {
    /// The three definitions, for a provider.
    ///
    /// - Throws: Only where the shipped resources are broken, which a test would have found.
    package static func specs(for provider: String) throws -> [WorkflowSpec] {
        try ComputeOperation.allCases.map { operation in
            WorkflowSpec(
                workflowID: ProvisionRequest.workflowID(for: operation), provider: provider,
                name: "Tenant \(operation.rawValue)",
                description: "Ships with landlord; what the reconciler invokes to \(operation.rawValue) a tenant.",
                definition: try JSONValue(parsing: resource(for: operation)))
        }
    }

    private static func resource(for operation: ComputeOperation) -> [UInt8] {
        switch operation {
        case .provision: PackageResources.tenant_provision_json
        case .update: PackageResources.tenant_update_json
        case .delete: PackageResources.tenant_delete_json
        }
    }
}
