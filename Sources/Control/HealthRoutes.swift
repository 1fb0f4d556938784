import Controlling
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// Whether the controller lives, whether it has read its branch, and what it counts.
struct HealthRoutes: Sendable {
    let controller: Controller
    let store: StateStore
    let metrics: ControllerMetrics

    func add(to router: Router<ControlContext>) {
        router.get("healthz") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> EditedResponse<String> in
            let snapshot = await controller.snapshot()
            guard snapshot.leaseToken != nil else {
                return EditedResponse(status: .serviceUnavailable, response: "standby\n")
            }
            guard snapshot.isReady else {
                return EditedResponse(status: .serviceUnavailable, response: "not ready\n")
            }
            return EditedResponse(status: .ok, response: "ready\n")
        }
        router.get("metrics") { _, _ in
            let text = metrics.text(
                await controller.snapshot(), conditions: try await store.conditions())
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
    }
}
