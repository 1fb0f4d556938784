import Controlling
import HTTPTypes
import Hummingbird

/// Whether the controller lives, and whether it has read its branch.
struct HealthRoutes: Sendable {
    let controller: Controller

    func add(to router: Router<ControlContext>) {
        router.get("healthz") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> EditedResponse<String> in
            let snapshot = await controller.snapshot()
            guard snapshot.isReady else {
                return EditedResponse(status: .serviceUnavailable, response: "not ready\n")
            }
            return EditedResponse(status: .ok, response: "ready\n")
        }
    }
}
