import Foundation
import Glibc
import SQL
package import SQLServers
import Synchronization

/// Real servers of the tests' own, on loopback, gone with the tests.
package final class DatabaseServers: Sendable {
    package let postgreSQL: ServerSettings
    package let mariaDB: ServerSettings
    /// Who signed the servers' certificates, for `localhost`, in PEM.
    package let certificates: String
    /// The same two, where no network is needed.
    package let postgreSQLSocket: ServerSettings
    package let mariaDBSocket: ServerSettings
    private let scratch: Scratch
    private let processes: Mutex<[BackgroundProcess]>

    /// Started once for all tests, and ended with the process that runs them.
    package static let shared: Result<DatabaseServers, any Error> = Result {
        let servers = try DatabaseServers()
        atexit { try? DatabaseServers.shared.get().end() }
        return servers
    }

    /// Kills both, as a power cut would.
    package func kill() {
        processes.withLock { processes in
            for process in processes { process.end() }
            processes = []
        }
    }

    /// Starts both again, and does not wait for them.
    package func start() throws {
        let started = [
            try Self.postgreSQLProcess(in: scratch, port: Self.port(of: postgreSQL)),
            try Self.mariaDBProcess(in: scratch, port: Self.port(of: mariaDB)),
        ]
        processes.withLock { $0 = started }
    }

    private static func port(of settings: ServerSettings) -> Int {
        switch settings.endpoint {
        case .tcp(_, let port), .socket(_, let port): port
        }
    }

    /// Ends them, and leaves nothing behind.
    package func end() {
        kill()
        try? FileManager.default.removeItem(atPath: scratch.root)
    }

    private static let password = "s3cret pass'word"

    package init() throws {
        scratch = try Scratch()
        // The servers refuse to be root, and their users must get through.
        chmod(scratch.root, 0o755)
        let ports = try [LoopbackListener(), LoopbackListener()].map(\.port)
        func settings(_ port: Int) -> ServerSettings {
            ServerSettings(
                .tcp(host: "localhost", port: port), user: "stead", password: Self.password,
                database: "stead", statementTimeoutMilliseconds: 2000)
        }
        postgreSQL = settings(ports[0])
        mariaDB = settings(ports[1])
        func local(_ settings: ServerSettings, _ path: String) -> ServerSettings {
            var settings = settings
            settings.endpoint = .socket(path: path, port: Self.port(of: settings))
            return settings
        }
        postgreSQLSocket = local(postgreSQL, scratch.path("postgresql"))
        mariaDBSocket = local(mariaDB, scratch.path("mariadb.sock"))
        certificates = scratch.path("ca.pem")
        try Self.makeCertificates(in: scratch)
        processes = Mutex([
            try Self.startPostgreSQL(in: scratch, port: ports[0]),
            try Self.startMariaDB(in: scratch, port: ports[1]),
        ])
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

    private static func startPostgreSQL(in scratch: Scratch, port: Int) throws -> BackgroundProcess
    {
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
        let process = try postgreSQLProcess(in: scratch, port: port)
        let word = password.replacing("'", with: "''")
        try scratch.shell(
            """
            for _ in $(seq 200); do
                pg/pg_isready -q -h "$PWD/postgresql" -p \(port) && break
                sleep 0.1
            done
            pg/psql -q -h "$PWD/postgresql" -p \(port) -U postgres -v ON_ERROR_STOP=1 <<'SQL'
            CREATE ROLE stead LOGIN CREATEDB PASSWORD '\(word)';
            CREATE DATABASE stead OWNER stead;
            SQL
            """)
        return process
    }

    private static func startMariaDB(in scratch: Scratch, port: Int) throws -> BackgroundProcess {
        try scratch.shell(
            """
            install -d -o mysql -g mysql -m 700 mariadb
            mariadb-install-db --no-defaults --user=mysql --datadir="$PWD/mariadb" \
                --auth-root-authentication-method=normal --skip-test-db
            install -o mysql -m 600 server.key mariadb/server.key
            touch mariadb.sock && rm mariadb.sock
            chmod 777 .
            """)
        let process = try mariaDBProcess(in: scratch, port: port)
        let word = password.replacing("'", with: "''")
        try scratch.shell(
            """
            for _ in $(seq 200); do
                mariadb-admin --no-defaults --user=root --socket=mariadb.sock ping >/dev/null 2>&1 \
                    && break
                sleep 0.1
            done
            mariadb --no-defaults --user=root --socket=mariadb.sock <<'SQL'
            CREATE DATABASE stead CHARACTER SET utf8mb4;
            CREATE USER stead IDENTIFIED BY '\(word)';
            GRANT ALL ON *.* TO stead;
            SQL
            """)
        return process
    }

    private static func postgreSQLProcess(
        in scratch: Scratch, port: Int
    ) throws -> BackgroundProcess {
        let data = scratch.path("postgresql")
        return try BackgroundProcess([
            "/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
            scratch.path("pg/postgres"), "-D", data, "-p", String(port), "-c",
            "listen_addresses=localhost", "-c", "unix_socket_directories=\(data)", "-c", "ssl=on",
            "-c", "fsync=off", "-c", "logging_collector=off", "-c", "log_min_messages=fatal",
        ])
    }

    private static func mariaDBProcess(
        in scratch: Scratch, port: Int
    ) throws -> BackgroundProcess {
        let socket = scratch.path("mariadb.sock")
        return try BackgroundProcess([
            "/usr/sbin/mariadbd", "--no-defaults", "--user=mysql",
            "--datadir=\(scratch.path("mariadb"))", "--socket=\(socket)", "--port=\(port)",
            "--bind-address=127.0.0.1", "--pid-file=\(scratch.path("mariadb/pid"))",
            "--ssl-cert=\(scratch.path("server.pem"))",
            "--ssl-key=\(scratch.path("mariadb/server.key"))",
            "--innodb-flush-log-at-trx-commit=0", "--log-error=\(scratch.path("mariadb/log"))",
        ])
    }
}
