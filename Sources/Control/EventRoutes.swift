import Hummingbird

/// What has happened lately, for those who follow a run.
struct EventRoutes: Sendable {
    let feed: EventFeed

    func add(to router: Router<ControlContext>) {
        router.get("v1/events") { request, _ in
            let after = request.uri.queryParameters["after"].flatMap { Int($0) }
            return try ControlError.response(.ok, feed.page(after: after))
        }
    }
}
