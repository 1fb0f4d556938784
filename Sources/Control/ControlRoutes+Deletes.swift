import Controlling
import Diagnostics
import HTTPTypes
import Hummingbird
import Resources
import Storage

/// What a person has brought back, lets go, or gives up.
extension ControlRoutes {
    func addDeletes(to group: RouterGroup<ControlContext>) {
        group.post("restore") { request, context in
            let asked = try await body(RestoreRequest.self, of: request, context)
            let actor = await context.user()
            let restoration = try await answering { () throws(Failure) in
                try await controller.restore(asked, by: actor)
            }
            return try json(restoration)
        }
        group.post("forget") { request, context in
            let asked = try await body(ForgetRequest.self, of: request, context)
            let actor = await context.user()
            let forgotten = try await answering { () throws(Failure) in
                try await controller.forget(
                    server: asked.server, because: asked.reason, by: actor)
            }
            guard let forgotten else {
                throw refusal(.notFound, "nothing is known of a server/\(asked.server)")
            }
            return try json(ForgetAnswer(server: asked.server, forgotten: forgotten))
        }
        group.post("unprotect") { request, context in
            let asked = try await body(SubjectRequest.self, of: request, context)
            let actor = await context.user()
            guard let address = Address(asked.subject) else {
                throw refusal(.badRequest, "\(asked.subject) is no address")
            }
            let isLifted = try await answering { () throws(Failure) in
                try await store.unprotect(address, by: actor)
            }
            guard isLifted else { throw refusal(.notFound, "\(address) is not protected") }
            await controller.sync()
            return try json(asked)
        }
    }
}
