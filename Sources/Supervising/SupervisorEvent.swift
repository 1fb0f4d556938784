/// What happens to a program that is kept running.
package enum SupervisorEvent: Sendable, Equatable {
    case started(processID: Int)
    /// Its first good answer since it was started.
    case answers
    /// `/readyz` has come to say 200, or has ceased to.
    case ready(Bool)
    /// It does not answer any more, and is ended.
    case hangs(String)
    /// It has not ended in time after SIGTERM, and is killed.
    case overdue
    /// It has ended by itself; it is started again after so many milliseconds.
    case ended(ProgramEnding, failures: Int, againAfterMilliseconds: Int)
    /// It has ended as it was asked to.
    case stopped(ProgramEnding)

    /// Whether a person should look at it.
    package var isTrouble: Bool {
        switch self {
        case .hangs, .overdue, .ended: true
        case .stopped(let ending): !ending.isGood
        case .started, .answers, .ready: false
        }
    }

    /// One line for people.
    package var message: String {
        switch self {
        case .started(let processID): "started as process \(processID)"
        case .answers: "answers"
        case .ready(true): "is ready"
        case .ready(false): "is not ready"
        case .hangs(let reason): "is ended because it hangs: \(reason)"
        case .overdue: "has not ended in time and is killed"
        case .ended(let ending, let failures, let delay):
            ending.message + (failures > 1 ? ", \(failures) times in a row now" : "")
                + "; started again in \((delay + 500) / 1000) s" + ending.advice
        case .stopped(let ending): ending.message
        }
    }
}

/// How a program ended.
package enum ProgramEnding: Sendable, Equatable {
    case status(Int)
    case signal(Int)
    /// It could not be started at all.
    case notStarted(String)

    var isGood: Bool { self == .status(0) }

    var message: String {
        switch self {
        case .status(0): "has ended"
        case .status(let status): "has ended with status \(status)"
        case .signal(let number): "was ended by signal \(number)"
        case .notStarted(let reason): "can't be started: \(reason)"
        }
    }

    /// What to do about it. Source of the statuses: sysexits(3), EX_USAGE and EX_DATAERR.
    var advice: String {
        switch self {
        case .status(64): ": its flags are wrong, and only other flags will help; see its message"
        case .status(65): ": what it is told to read is invalid; see its message"
        default: ""
        }
    }
}
