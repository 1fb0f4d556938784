import Foundation
import Glibc
package import SQLServers
import Synchronization

/// Real servers of the tests' own, on loopback, gone with the tests.
package final class DatabaseServers: Sendable {
    package let postgreSQL: ServerSettings
    package let mariaDB: ServerSettings
    /// Who signed the servers' certificates, for `localhost`, in PEM.
    package let certificates: String
    private let scratch: Scratch
    private let ports: [Int]
    private let running = Mutex<[Program: BackgroundProcess]>([:])

    /// One of the two servers.
    package enum Program: Sendable, CaseIterable {
        case postgreSQL, mariaDB
    }

    /// Started once for all tests, and ended with the process that runs them.
    package static let shared: Result<DatabaseServers, any Error> = Result {
        let servers = try DatabaseServers()
        atexit { try? DatabaseServers.shared.get().end() }
        return servers
    }

    deinit {
        end()
    }

    private func end() {
        for program in Program.allCases { stop(program) }
        try? FileManager.default.removeItem(atPath: scratch.root)
    }

    package static let password = "s3cret pass'word"

    /// Servers of one's own, to be stopped and started at will; gone with their last owner.
    ///
    /// - Throws: when they can't be made.
    package init() throws {
        scratch = try Scratch()
        // The servers refuse to be root, and their users must get through.
        chmod(scratch.root, 0o755)
        ports = try [LoopbackListener(), LoopbackListener()].map(\.port)
        func settings(_ port: Int) -> ServerSettings {
            ServerSettings(
                .tcp(host: "localhost", port: port), user: "stead", password: Self.password,
                database: "stead", statementTimeoutMilliseconds: 2000)
        }
        postgreSQL = settings(ports[0])
        mariaDB = settings(ports[1])
        certificates = scratch.path("ca.pem")
        try Self.makeCertificates(in: scratch)
        try makePostgreSQL()
        try makeMariaDB()
        for program in Program.allCases { try start(program) }
        try makeUsers()
    }

    /// Kills a server, as a crash would.
    package func stop(_ program: Program) {
        running.withLock { $0.removeValue(forKey: program) }?.end()
    }

    /// Starts a server that was stopped, and waits until it answers.
    ///
    /// - Throws: when it doesn't.
    package func start(_ program: Program) throws {
        let process =
            switch program {
            case .postgreSQL: try BackgroundProcess(postgreSQLCommand)
            case .mariaDB: try BackgroundProcess(mariaDBCommand)
            }
        running.withLock { $0[program] = process }
        let question =
            switch program {
            case .postgreSQL: "pg/pg_isready -q -h \"$PWD/postgresql\" -p \(ports[0])"
            case .mariaDB: "mariadb-admin --no-defaults --user=root --socket=mariadb.sock ping"
            }
        try scratch.shell(
            """
            for _ in $(seq 200); do
                if \(question) >/dev/null 2>&1; then exit 0; fi
                sleep 0.1
            done
            exit 1
            """)
    }

    private static func makeCertificates(in scratch: Scratch) throws {
        try scratch.shell(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
                -subj /CN=tests -keyout ca.key -out ca.pem
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
                -keyout server.key -out server.csr
            printf 'subjectAltName=DNS:localhost' >server.ext
            openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
                -extfile server.ext -out server.pem
            """)
    }

    // MARK: - PostgreSQL

    private func makePostgreSQL() throws {
        try scratch.shell(
            """
            programs=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
            ln -s "$programs" pg
            install -d -o postgres -g postgres -m 700 postgresql
            setpriv --reuid=postgres --regid=postgres --init-groups "$programs/initdb" \
                --pgdata=postgresql --username=postgres --auth-local=trust \
                --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync
            install -o postgres -m 600 server.key postgresql/server.key
            install -o postgres -m 644 server.pem postgresql/server.crt
            """)
    }

    private var postgreSQLCommand: [String] {
        let data = scratch.path("postgresql")
        return [
            "/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
            scratch.path("pg/postgres"), "-D", data, "-p", String(ports[0]), "-c",
            "listen_addresses=localhost", "-c", "unix_socket_directories=\(data)", "-c", "ssl=on",
            "-c", "fsync=off", "-c", "logging_collector=off", "-c", "log_min_messages=fatal",
            "-c", "max_connections=400",
        ]
    }

    // MARK: - MariaDB

    private func makeMariaDB() throws {
        try scratch.shell(
            """
            install -d -o mysql -g mysql -m 700 mariadb
            mariadb-install-db --no-defaults --user=mysql --datadir="$PWD/mariadb" \
                --auth-root-authentication-method=normal --skip-test-db
            install -o mysql -m 600 server.key mariadb/server.key
            touch mariadb.sock && rm mariadb.sock
            chmod 777 .
            """)
    }

    private var mariaDBCommand: [String] {
        [
            "/usr/sbin/mariadbd", "--no-defaults", "--user=mysql",
            "--datadir=\(scratch.path("mariadb"))", "--socket=\(scratch.path("mariadb.sock"))",
            "--port=\(ports[1])", "--bind-address=127.0.0.1",
            "--pid-file=\(scratch.path("mariadb/pid"))",
            "--ssl-cert=\(scratch.path("server.pem"))",
            "--ssl-key=\(scratch.path("mariadb/server.key"))", "--max-connections=400",
            "--innodb-flush-log-at-trx-commit=0", "--log-error=\(scratch.path("mariadb/log"))",
        ]
    }

    /// A user on each, who may make databases.
    private func makeUsers() throws {
        let word = Self.password.replacing("'", with: "''")
        try scratch.shell(
            """
            pg/psql -q -h "$PWD/postgresql" -p \(ports[0]) -U postgres -v ON_ERROR_STOP=1 <<'SQL'
            CREATE ROLE stead LOGIN CREATEDB PASSWORD '\(word)';
            CREATE DATABASE stead OWNER stead;
            SQL
            mariadb --no-defaults --user=root --socket=mariadb.sock <<'SQL'
            CREATE DATABASE stead CHARACTER SET utf8mb4;
            CREATE USER stead IDENTIFIED BY '\(word)';
            GRANT ALL ON *.* TO stead;
            SQL
            """)
    }
}
