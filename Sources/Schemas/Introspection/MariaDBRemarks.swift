import SQL

extension MariaDBIntrospection {
    /// What belongs to tables and a schema has no words for, a line each.
    static func remarks<D: Database>(_ database: D) throws(SQLError) -> [String] {
        try database.all(queries.joined(separator: "\nUNION ALL\n") + "\nORDER BY 1") {
            row throws(SQLError) in try row.requiredText(0)
        }
    }

    private static let queries = [
        """
        SELECT concat('trigger ', trigger_name, ' of ', event_object_table)
        FROM information_schema.triggers WHERE trigger_schema = DATABASE()
        """,
        """
        SELECT concat('table ', table_name, ': ', t.engine,
            if(e.transactions = 'YES', '', ', which knows no transactions'))
        FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine
        WHERE table_schema = DATABASE() AND t.engine <> 'InnoDB' AND table_type <> 'SEQUENCE'
        """,
        """
        SELECT if(table_type = 'SEQUENCE', concat('sequence ', table_name),
            concat('table ', table_name, ': system versioned'))
        FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_type IN ('SEQUENCE', 'SYSTEM VERSIONED')
        """,
        """
        SELECT concat('table ', table_name, ': partitioned') FROM information_schema.tables
        WHERE table_schema = DATABASE() AND create_options LIKE '%partitioned%'
        """,
        """
        SELECT concat(table_name, '.', column_name, ': ',
            if(extra LIKE '%VIRTUAL%', 'computed when it is read', 'invisible'))
        FROM information_schema.columns WHERE table_schema = DATABASE()
            AND (extra LIKE '%VIRTUAL%' OR extra LIKE '%INVISIBLE%')
            AND column_name <> '\(Dialect.liveMark)'
        """,
        """
        SELECT concat('reference ', constraint_name, ' of ', table_name, ': ON UPDATE ',
            update_rule)
        FROM information_schema.referential_constraints
        WHERE constraint_schema = DATABASE() AND update_rule NOT IN ('RESTRICT', 'NO ACTION')
        """,
        """
        SELECT concat('reference ', constraint_name, ' of ', table_name, ': to the database ',
            unique_constraint_schema)
        FROM information_schema.referential_constraints
        WHERE constraint_schema = DATABASE() AND unique_constraint_schema <> DATABASE()
        """,
    ]
}
