/// Lets others work on the places that a run is done with, while it goes on elsewhere.
struct Handover: Sendable {
    /// Told of places on which the run has nothing left to do but to write down what it saw.
    var done: @Sendable (Set<String>) async -> Void
    /// Which of the places nobody has taken over; from then on nobody can.
    var keep: @Sendable (Set<String>) async -> Set<String>

    /// Whoever waits for the run's end anyway.
    static let none = Handover(done: { _ in }, keep: { $0 })
}
