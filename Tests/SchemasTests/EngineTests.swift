import Testing

/// What needs the engines themselves, MariaDB and PostgreSQL as servers; one test after another.
@Suite(.serialized) enum EngineTests {}
