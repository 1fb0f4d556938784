import ArgumentParser
import Supervising

/// How a process that `stead up` has started learns that `stead up` is gone.
struct LifelineOptions: ParsableArguments {
    @Flag(
        name: .customLong("lifeline"),
        help: .init("End when standard input does.", visibility: .hidden))
    var isHeld = false

    func hold() throws {
        if isHeld { try Lifeline.hold(drainSeconds: 120) }
    }
}
