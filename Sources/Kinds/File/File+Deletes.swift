import Resources

extension File {
    static func losses(from observed: FileObservation, to desired: Desired?) -> [Loss] {
        guard desired == nil else { return [] }
        return [Loss.path(observed.path, observed.state)].compactMap(\.self)
    }

    static func keepsakes(of desired: Desired) -> [Keepsake] { [.path(desired.target.path)] }

    static func revival(of desired: Desired, on facts: HostFacts) -> [Step] {
        desired.after.isEmpty
            ? [] : [Step(id: "after", command: Command(words: desired.after), leavesTrace: false)]
    }
}
