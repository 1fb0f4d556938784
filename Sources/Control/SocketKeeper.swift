import Controlling
import Diagnostics
import Logging
import ServiceLifecycle

/// Looks every second whether the leader can still be asked: whoever cleans up its folder, or an
/// older controller that ends, may have taken the socket away.
struct SocketKeeper: Service {
    private let socket: ControlSocket
    private let controller: Controller
    private let logger: Logger

    init(socket: ControlSocket, _ controller: Controller, _ logger: Logger) {
        self.socket = socket
        self.controller = controller
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                // One that slept through its lease leaves the name to the one that leads now.
                guard socket.isMissing, await controller.isLeading() else { continue }
                do throws(Failure) {
                    try socket.restore()
                    logger.warning("the socket \(socket.path) was gone, and is made anew")
                } catch {
                    logger.error("\(error.report.message)")
                }
            }
        }
    }
}
