package import LandlordDomain
import StatesLanguage

/// Where callbacks are delivered to.
package protocol CallbackReceiver: Sendable {
    /// Makes one attempt. It ends soon after its task was cancelled, as interrupted.
    func deliver(_ callback: Callback) async -> DeliveryReport

    /// Lets go of connections; the next attempt makes new ones.
    func close() async
}

extension CallbackReceiver {
    /// Holds nothing that it could let go of.
    package func close() async {}
}

/// Sends each callback the way that its destination needs.
package struct CallbackRouter: CallbackReceiver {
    private let workflows: any CallbackReceiver
    private let webhooks: any CallbackReceiver

    /// A router in front of the two ways.
    package init(workflows: any CallbackReceiver, webhooks: any CallbackReceiver) {
        self.workflows = workflows
        self.webhooks = webhooks
    }

    /// Makes one attempt.
    package func deliver(_ callback: Callback) async -> DeliveryReport {
        switch callback.destination {
        case .workflow: await workflows.deliver(callback)
        case .webhook: await webhooks.deliver(callback)
        }
    }

    /// Lets go of connections.
    package func close() async {
        await workflows.close()
        await webhooks.close()
    }
}

/// Delivers callbacks to the runs that wait for them.
package struct WorkflowCallbackReceiver: CallbackReceiver {
    private let workflows: WorkflowManager

    /// A receiver in front of a manager.
    package init(workflows: WorkflowManager) {
        self.workflows = workflows
    }

    /// Hands the payload to the waiting task.
    package func deliver(_ callback: Callback) async -> DeliveryReport {
        guard case .workflow(let provider, let executionID, let token) = callback.destination else {
            return DeliveryReport(.failed(DeliveryFailure(.destinationRefused, "it is for no run")))
        }
        return DeliveryReport(
            await workflows.postComputeCallback(
                at: provider, to: executionID, token: token, payload: callback.payload))
    }
}
