import Diagnostics
import Planning
import Remote
import Resources

extension HostRun {
    /// Writes all, tests, commits once; or takes everything back.
    ///
    /// - Returns: the items that are in force.
    mutating func perform(
        _ transaction: Transaction, of items: [WorkItem], in shell: any StepRunner
    ) async throws(Failure) -> [WorkItem] {
        for item in items {
            for step in item.steps where step.leavesTrace {
                let reply = try await perform(step, of: item, in: shell)
                guard !reply.isSuccess else { continue }
                try await undo(
                    transaction, of: items, culprit: item.address, Self.failure(of: step, reply),
                    in: shell)
                return []
            }
        }
        try await beginTraceless(items)
        let commands = [
            ("`\(transaction.test)`", transaction.testCommand, true),
            ("the reload", transaction.commitCommand, false),
        ]
        for (name, command, isTest) in commands {
            let reply = try await shell.run(command)
            emit(
                .transactionTested(
                    server: work.place.name, transaction: transaction.id,
                    isSuccess: reply.isSuccess))
            guard !reply.isSuccess else { continue }
            let refusal = Refusal(reply.output, of: items, by: name)
            // What the test refuses for something that is not of this transaction passes when
            // that is mended, by a person or by a later round.
            let failure: Failure =
                isTest && refusal.culprit == nil
                ? .transient(refusal.report) : .stalled(refusal.report)
            try await undo(
                transaction, of: items, culprit: refusal.culprit, failure, in: shell)
            return []
        }
        note(HostDeed(action: "transaction.committed", subject: transaction.id))
        _ = try await shell.run(transaction.forgetCommand)
        for item in items {
            for step in item.steps where !step.leavesTrace {
                try await finish(step, of: item, .succeeded)
            }
        }
        return items
    }

    /// A step without a trace, such as the reload, is done once for all, by the commit.
    private func beginTraceless(_ items: [WorkItem]) async throws(Failure) {
        for item in items {
            for step in item.steps where !step.leavesTrace { try await begin(step, of: item) }
        }
    }

    private mutating func undo(
        _ transaction: Transaction, of items: [WorkItem], culprit: Address?,
        _ failure: Failure, in shell: any StepRunner
    ) async throws(Failure) {
        let restored = try await shell.run(transaction.restoreCommand)
        guard restored.isSuccess else {
            throw .stalled(
                .init(
                    "what \(transaction.id) replaced could not be put back",
                    detail: restored.output,
                    fix: "the originals are in \(transaction.undoDirectory) on the host"))
        }
        note(
            HostDeed(
                action: "transaction.undone", subject: transaction.id,
                reason: failure.report.message))
        emit(
            .transactionUndone(
                server: work.place.name, transaction: transaction.id, reason: failure.report.message
            ))
        for item in items {
            for step in item.steps {
                try await end(step, of: item, .undone, message: failure.report.message)
            }
            let isCulprit = culprit == nil || culprit == item.address
            settle(
                item,
                isCulprit
                    ? .failed(failure)
                    : .undone(reason: "taken back with \(culprit?.description ?? transaction.id)"))
        }
    }
}

/// A transaction's test that said no: its message, and the resource it names.
struct Refusal {
    let report: Failure.Report
    let culprit: Address?

    /// Reads what the test, or the commit, printed; nginx names `FILE:LINE`.
    init(_ output: String, of items: [WorkItem], by name: String) {
        let lines = output.split(separator: "\n").map(String.init)
        let line = lines.first { $0.contains("[emerg]") } ?? lines.last ?? "no message"
        let named = items.first { item in
            item.resource.claims.contains { claim in
                claim.space == .path && lines.contains { Self.mentions($0, claim.value) }
            }
        }
        culprit = named?.address
        let place = named?.change.location.map { " (from \($0))" } ?? ""
        report = Failure.Report(
            "\(name.prefix(60)) refused it: \(line)\(place)",
            detail: lines.count > 1 ? output : nil,
            fix: named == nil
                ? "nothing here is named: the host's own configuration may be at fault"
                : nil)
    }

    /// Whether the line holds the whole path, not the beginning of a longer one.
    private static func mentions(_ line: String, _ path: String) -> Bool {
        line.ranges(of: path).contains { range in
            line[range.upperBound...].first.map { !($0.isLetter || $0.isNumber || $0 == ".") }
                ?? true
        }
    }
}
