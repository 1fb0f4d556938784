/// What others made of databases: nasty names, every type, what a schema can't say.
enum ForeignDatabases {
    static let sqlite = [
        """
        CREATE TABLE "Select ""all""\" (id integer primary key, [the name] varchar(30)
            default 'it''s', `back``tick` TEXT DEFAULT "double", untyped, n NUMERIC,
            d DECIMAL(8,3), big UNSIGNED BIG INT, flag BOOLEAN DEFAULT TRUE,
            at DATETIME DEFAULT CURRENT_TIMESTAMP, later TEXT
                DEFAULT (datetime('now', '+1 day')),
            "päron.🍐" TEXT CHECK ("päron.🍐" IN ('a', 'b')), x REAL DEFAULT -1.5e3,
            "order" INT NOT NULL CHECK ("order" > 0) UNIQUE,
            total INT AS (d * 2) VIRTUAL -- a comment, with (a bracket
        )
        """,
        """
        create table Child (a int, b int, "Parent Id" int references "Select ""all""\",
            primary key (b, a), check (a < b or a is null)) without rowid
        """,
        "CREATE VIEW \"a view\" AS SELECT id, [the name] FROM \"Select \"\"all\"\"\"",
        "CREATE VIRTUAL TABLE words USING fts5(body)",
        "CREATE UNIQUE INDEX \"ind ex\" ON Child (a) WHERE b > 1",
        "CREATE TABLE strictly (id INTEGER PRIMARY KEY, v ANY) STRICT",
        """
        CREATE TABLE z_odd (id INTEGER PRIMARY KEY, n INT DEFAULT '', next INT AS (n + 1),
            of_id INT REFERENCES strictly ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED)
        """,
    ]

    static let mariadb = [
        """
        CREATE TABLE "select" (id int(10) unsigned PRIMARY KEY AUTO_INCREMENT,
            "the name" varchar(30) CHARACTER SET latin1 DEFAULT 'it''s' COMMENT 'a''b',
            "back`tick" enum('a','b''c','d\\e') NOT NULL DEFAULT 'a', flag tinyint(1),
            small tinyint(4) DEFAULT -3, amount decimal(8,3) DEFAULT 0.500,
            at timestamp NOT NULL DEFAULT current_timestamp()
                ON UPDATE current_timestamp(),
            made datetime(6) DEFAULT current_timestamp(6), yr year, t time, b bit(3),
            s set('x','y'), d double, f float, bin binary(16), tx mediumtext,
            doc json, "dotted.name" int CHECK ("dotted.name" > 0),
            "Parent" int(10) unsigned, twice int AS (small * 2) VIRTUAL,
            later datetime DEFAULT (now() + interval 1 day),
            KEY part (tx(10)), UNIQUE KEY "u q" ("the name"),
            FOREIGN KEY ("Parent") REFERENCES "select" (id) ON DELETE SET NULL,
            CONSTRAINT both_of CHECK (small < amount)
        ) DEFAULT CHARSET=utf8mb3 COMMENT 'words'
        """,
        "CREATE TABLE two (a int, b int, PRIMARY KEY (b, a))",
        """
        CREATE TABLE referring (x int, y int,
            FOREIGN KEY (x, y) REFERENCES two (b, a))
        """,
        "CREATE VIEW \"a view\" AS SELECT id, \"the name\" FROM \"select\"",
        "CREATE TRIGGER t BEFORE INSERT ON two FOR EACH ROW SET NEW.a = 1",
        """
        CREATE TABLE z_odd (id int PRIMARY KEY, big bigint unsigned DEFAULT 18446744073709551615,
            name varchar(20) CHECK (json_valid(name)), bin binary(4) DEFAULT 'a',
            unseen int INVISIBLE, of_id int,
            FOREIGN KEY (of_id) REFERENCES two (b) ON UPDATE CASCADE) WITH SYSTEM VERSIONING
        """,
        "CREATE TABLE z_fast (id int PRIMARY KEY) ENGINE=MyISAM",
        "CREATE TABLE z_parts (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2",
        "CREATE SEQUENCE z_numbers",
        "CREATE DATABASE IF NOT EXISTS z_elsewhere",
        "CREATE TABLE IF NOT EXISTS z_elsewhere.target (id int PRIMARY KEY)",
        """
        CREATE TABLE z_abroad (id int PRIMARY KEY, of_id int,
            CONSTRAINT away FOREIGN KEY (of_id) REFERENCES z_elsewhere.target (id))
        """,
    ]

    static let postgres = [
        "CREATE TYPE mood AS ENUM ('happy', 'it''s', 'a,b \"c\"')",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE SCHEMA \"Other one\"",
        """
        CREATE TABLE "select" (id serial PRIMARY KEY, "the name" varchar(30)
            DEFAULT 'it''s \\ x', "quo""te" mood NOT NULL DEFAULT 'happy', moods mood[],
            tags text[] DEFAULT '{}', at timestamp DEFAULT now(), atz timestamptz,
            n numeric, m numeric(8,3) DEFAULT -0.5, c char(3), one char, v varchar,
            i interval DEFAULT '1 day', p positive, ip inet, j json, jb jsonb
                DEFAULT '{"b": 1, "a": 2}', small smallint DEFAULT 3,
            day date DEFAULT CURRENT_DATE + 1, flag bool DEFAULT true,
            u uuid DEFAULT gen_random_uuid(), "päron.🍐" text COLLATE "C"
                CHECK ("päron.🍐" IN ('x', 'y''z')),
            "Parent" int REFERENCES "select" ON DELETE CASCADE,
            twice int GENERATED ALWAYS AS (small * 2) STORED,
            CONSTRAINT both_of CHECK (small < m), EXCLUDE USING btree (c WITH =))
        """,
        """
        CREATE TABLE "Other one"."select" (id int GENERATED ALWAYS AS IDENTITY
            PRIMARY KEY, a int, b int, UNIQUE (b, a))
        """,
        """
        CREATE TABLE referring (x int, y int,
            FOREIGN KEY (x, y) REFERENCES "Other one"."select" (b, a))
        """,
        "CREATE INDEX partial ON \"select\" (small) WHERE small > 1",
        "CREATE INDEX lowered ON \"select\" (lower(v))",
        "CREATE VIEW \"a view\" AS SELECT id FROM \"select\"",
        "CREATE MATERIALIZED VIEW kept AS SELECT id FROM \"select\"",
        "CREATE TABLE parts (id int, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO "
            + "('2027-01-01')",
        """
        CREATE TABLE z_odd (id int GENERATED ALWAYS AS IDENTITY (INCREMENT BY 10) PRIMARY KEY,
            n numeric(3,5), m numeric(5,-2) DEFAULT 100, r double precision DEFAULT 'NaN',
            of_id int REFERENCES "select" ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
            u int, UNIQUE NULLS NOT DISTINCT (u))
        """,
        "ALTER TABLE z_odd ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE z_odd ADD CONSTRAINT later CHECK (u > 0) NOT VALID",
        "CREATE POLICY own ON z_odd USING (id > 1)",
        "CREATE RULE as_well AS ON DELETE TO z_odd DO ALSO NOTHING",
        "CREATE SEQUENCE z_numbers",
        "CREATE UNLOGGED TABLE z_fast (id int PRIMARY KEY)",
        "CREATE TABLE z_heir (more int) INHERITS (z_fast)",
        """
        CREATE TABLE z_full (x int, y int, CONSTRAINT whole FOREIGN KEY (x, y)
            REFERENCES "Other one"."select" (b, a) MATCH FULL)
        """,
        "CREATE COLLATION z_loose (provider = icu, locale = 'und-u-ks-level2', "
            + "deterministic = false)",
        "CREATE TABLE z_loosely (id int PRIMARY KEY, word text COLLATE z_loose UNIQUE)",
    ]
}
