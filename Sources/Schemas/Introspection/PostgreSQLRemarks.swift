import SQL

extension PostgreSQLIntrospection {
    /// What belongs to tables and a schema has no words for, a line each.
    static func remarks<D: Database>(_ database: D) throws(SQLError) -> [String] {
        let query = (ofTables + ofColumns + ofConstraints).joined(separator: "\nUNION ALL\n")
        return try database.all(query + "\nORDER BY 1") { row throws(SQLError) in
            try row.requiredText(0)
        }
    }

    private static let tables =
        "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND NOT c.relispartition AND "
        + scope

    private static let ofTables = [
        """
        SELECT 'trigger ' || t.tgname || ' of ' || c.relname
        FROM \(tables) JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
        """,
        """
        SELECT 'rule ' || r.rulename || ' of ' || c.relname
        FROM \(tables) JOIN pg_rewrite r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN'
        """,
        """
        SELECT 'table ' || c.relname || ': row level security' FROM \(tables)
        WHERE c.relrowsecurity
        """,
        """
        SELECT 'policy ' || p.polname || ' of ' || c.relname
        FROM \(tables) JOIN pg_policy p ON p.polrelid = c.oid
        """,
        """
        SELECT CASE c.relkind WHEN 'p' THEN 'table ' || c.relname || ': partitioned'
            WHEN 'm' THEN 'view ' || c.relname || ': materialized, as of its last refresh'
            WHEN 'f' THEN 'foreign table ' || c.relname
            ELSE 'table ' || c.relname || ': unlogged, emptied by a crash' END
        FROM \(tables)
        WHERE c.relkind IN ('p', 'm', 'f') OR c.relkind = 'r' AND c.relpersistence = 'u'
        """,
        """
        SELECT 'table ' || c.relname || ': inherits from ' || p.relname
        FROM \(tables) JOIN pg_inherits i ON i.inhrelid = c.oid
        JOIN pg_class p ON p.oid = i.inhparent WHERE c.relkind = 'r'
        """,
        """
        SELECT 'sequence ' || c.relname FROM \(tables)
        WHERE c.relkind = 'S' AND NOT EXISTS (
            SELECT FROM pg_depend o WHERE o.objid = c.oid AND o.deptype IN ('a', 'i'))
        """,
    ]

    private static let ofColumns = [
        """
        SELECT c.relname || '.' || a.attname
            || ': numbered by the database alone (GENERATED ALWAYS)'
        FROM \(tables) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity = 'a'
        """,
        """
        SELECT c.relname || '.' || a.attname || ': numbered in steps of ' || s.seqincrement
        FROM \(tables) JOIN pg_attribute a ON a.attrelid = c.oid
        JOIN pg_depend o ON o.refobjid = c.oid AND o.refobjsubid = a.attnum
            AND o.deptype IN ('a', 'i') AND o.classid = 'pg_class'::regclass
        JOIN pg_sequence s ON s.seqrelid = o.objid WHERE s.seqincrement <> 1
        """,
        """
        SELECT c.relname || '.' || a.attname || ': text is compared by ' || l.collname
        FROM \(tables) JOIN pg_attribute a ON a.attrelid = c.oid
        JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relkind IN ('r', 'p') AND NOT l.collisdeterministic
        """,
    ]

    /// What Stead leaves unvalidated is made anew, and known by its name.
    private static let ofConstraints = [
        """
        SELECT CASE k.contype WHEN 'f' THEN 'reference ' ELSE 'constraint ' END || k.conname
            || ' of ' || c.relname || ':'
            || CASE k.confupdtype WHEN 'c' THEN ' ON UPDATE CASCADE'
                WHEN 'n' THEN ' ON UPDATE SET NULL' WHEN 'd' THEN ' ON UPDATE SET DEFAULT'
                ELSE '' END
            || CASE WHEN k.confmatchtype = 'f' THEN ' MATCH FULL' ELSE '' END
            || CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END
            || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END
            || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
        FROM \(tables) JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype <> 't'
        WHERE k.confupdtype IN ('c', 'n', 'd') OR k.confmatchtype = 'f' OR k.condeferrable
            OR NOT k.convalidated AND k.conname !~ '_(check_[0-9a-f]{8}|enum_[0-9a-f]{8}|fkey)$'
        """,
        """
        SELECT 'index ' || x.relname || ' of ' || c.relname || ': NULLS NOT DISTINCT'
        FROM \(tables) JOIN pg_index i ON i.indrelid = c.oid
        JOIN pg_class x ON x.oid = i.indexrelid
        WHERE to_jsonb(i) ->> 'indnullsnotdistinct' = 'true'
        """,
    ]
}
