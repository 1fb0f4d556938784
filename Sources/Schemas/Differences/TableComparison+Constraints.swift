/// Checks and indexes: what was never declared is somebody else's, and stays.
extension TableComparison {
    mutating func compareChecks() {
        // What makes a column one of JSON is part of its type.
        let present = observed.checks.filter { check in
            let type = check.column.flatMap { observed.table[$0] }?.type.base
            return type != .json || !CheckReading(check.condition, dialect.engine).isJSON
        }
        var satisfied: Set<Int> = []
        for column in desired.columns {
            let isNew = observed.table[column.name] == nil
            // SQLite makes those of a new column with the table.
            if isNew, dialect.engine == .sqlite { continue }
            for check in dialect.checks(of: column, in: desired) {
                let found = isNew ? [] : counterparts(of: check, column, present)
                guard let found else { continue }
                satisfied.formUnion(found)
                if found.isEmpty { result.addedChecks.append(check) }
            }
        }
        let former =
            declared.map { table in
                table.columns.flatMap { dialect.checks(of: $0, in: table) }
            } ?? []
        for (index, check) in present.enumerated() where !satisfied.contains(index) {
            let isOfType =
                check.column.map {
                    desired[$0]?.type.base == .enumeration && observed.plainTypes[$0] != nil
                        && values(of: check) != nil
                } ?? false
            if isOfType || former.contains(where: { isSame(check, $0) }) {
                result.droppedChecks.append(check)
            } else {
                result.keptChecks.append(check)
            }
        }
    }

    /// Which of the present checks say what a declared one says; nil when none has to.
    private func counterparts(
        of check: NamedCheck, _ column: Column, _ present: [ObservedCheck]
    ) -> [Int]? {
        let seen = observed.table[column.name]
        if check.isOfValues, let seen, seen.type.isSame(as: column.type) {
            let found = present.indices.filter {
                present[$0].column == column.name && values(of: present[$0]) != nil
            }
            // An engine's own enum needs no check.
            return found.isEmpty ? nil : found
        }
        let found = present.indices.filter { isSame(present[$0], check) }
        if found.isEmpty, !check.isOfValues, let words = seen?.check, words == column.check {
            return present.indices.filter { present[$0].column == column.name }
        }
        return found
    }

    private func values(of check: ObservedCheck) -> [String]? {
        check.column.flatMap { column in
            CheckReading(check.condition, dialect.engine)
                .values(of: result.renamedColumns[column] ?? column)
        }
    }

    /// One of Stead's is known by its name, which holds a digest of what was declared, as engines
    /// write conditions in words of their own; another by its words.
    private func isSame(_ present: ObservedCheck, _ check: NamedCheck) -> Bool {
        if let digest = ConstraintName.digest(in: present.name) {
            return digest == ConstraintName.digest(in: check.name)
        }
        return SQLText(present.condition, dialect.engine).isSame(as: check.condition)
    }

    // MARK: - Indexes

    mutating func compareIndexes() {
        let wanted = desired.shapes
        let valid = observed.indexes.filter(\.isValid)
        var satisfied: Set<String> = []
        for shape in wanted {
            let found = valid.first {
                if $0.isLive || shape.isLive { return $0.shape == shape }
                return $0.columns == shape.columns && ($0.isUnique || !shape.isUnique)
                    && ($0.isUnique == shape.isUnique || !desired.uniques.contains($0.columns))
            }
            if let found { satisfied.insert(found.name) } else { result.addedIndexes.append(shape) }
        }
        let newNames = Dictionary(
            result.renamedColumns.map { ($0.value, $0.key) },
            uniquingKeysWith: { first, _ in first })
        let former = (declared?.shapes ?? []).map { shape in
            IndexShape(
                shape.columns.map { newNames[$0] ?? $0 }, isUnique: shape.isUnique,
                isLive: shape.isLive)
        }
        result.droppedIndexes = observed.indexes.filter { index in
            guard index.isValid else {
                return result.addedIndexes.contains(index.shape) || former.contains(index.shape)
            }
            return !satisfied.contains(index.name)
                && (former.contains(index.shape) || isInOtherForm(index))
        }
        if dialect.engine == .mariadb { keepIndexesOfForeignKeys() }
        result.dropsLiveMark =
            observed.hasLiveMark && desired.liveUniques == nil
            && observed.indexes.allSatisfy { !$0.isLive || result.droppedIndexes.contains($0) }
    }

    /// Whether an index is a declared unique, but for the rows that count; whoever made it.
    ///
    /// One that leaves deleted rows out says nothing wrong beside one that doesn't: it goes only
    /// when that one takes its place.
    private func isInOtherForm(_ index: ObservedIndex) -> Bool {
        let other = IndexShape(index.columns, isUnique: true, isLive: !index.isLive)
        guard index.isUnique, desired.shapes.contains(other) else { return false }
        return !index.isLive || result.addedIndexes.contains(other)
    }

    /// MariaDB needs an index under every foreign key: the last one stays, or is replaced by one
    /// that lets values be double.
    private mutating func keepIndexesOfForeignKeys() {
        for column in desired.columns where column.foreign != nil {
            let leading = result.droppedIndexes.filter { $0.columns.first == column.name }
            let hasOther =
                observed.indexes.contains {
                    $0.columns.first == column.name && !leading.contains($0)
                } || result.addedIndexes.contains { $0.columns.first == column.name }
                || desired.primaryKey.first?.name == column.name
            guard !leading.isEmpty, !hasOther else { continue }
            if let plain = leading.first(where: { !$0.isUnique }) {
                result.droppedIndexes.removeAll { $0 == plain }
            } else {
                result.addedIndexes.append(IndexShape([column.name], isUnique: false))
            }
        }
    }
}
