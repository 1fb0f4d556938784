/// Keeps several programs running, each apart from the others.
package struct Supervisor: Sendable {
    private let keepers: [ProgramKeeper]

    /// - Parameters:
    ///   - programs: what to keep running.
    ///   - rules: how.
    ///   - line: told of each line that a program says, with the program's name.
    ///   - tell: told of what happens, with the program's name.
    package init(
        _ programs: [SupervisedProgram], _ rules: SupervisionRules,
        line: @escaping @Sendable (String, String) -> Void,
        telling tell: @escaping @Sendable (String, SupervisorEvent) -> Void
    ) {
        keepers = programs.map { program in
            ProgramKeeper(
                program, rules, line: { line(program.name, $0) },
                telling: { tell(program.name, $0) })
        }
    }

    /// Runs until all were stopped.
    ///
    /// - Returns: whether all ended well.
    package func run() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for keeper in keepers { group.addTask { await keeper.run() } }
            return await group.reduce(true) { $0 && $1 }
        }
    }

    /// Has all of them read their settings again.
    package func reload() async {
        for keeper in keepers { await keeper.reload() }
    }

    /// Has all of them come to their end.
    package func stop() async {
        for keeper in keepers { await keeper.stop() }
    }
}
