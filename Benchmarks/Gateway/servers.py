"""MariaDB and PostgreSQL servers of a benchmark's own, on sockets in its folder."""

import glob
import os
import pathlib
import shutil
import subprocess

from gateways import LOREM, OWNERS, ROWS
from load import HERE, Process

# The rows of `posts`, made where they are to be.
ROWS_SQL = f"""
INSERT INTO users SELECT n, CONCAT(n, '@example.com'), '-' FROM numbers WHERE n <= {OWNERS};
INSERT INTO posts SELECT n, 1 + n % {OWNERS}, CONCAT('post ', n), '{LOREM}', n, {{false}},
    '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM numbers;
"""


def run(command, text=None):
    subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True,
                   input=text)


class Server:
    """`database` is how an app's declaration names it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).absolute()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        # The servers refuse to be root, and their users must get through.
        for parent in (self.folder, *self.folder.parents):
            if not os.stat(parent).st_mode & 0o001:
                os.chmod(parent, os.stat(parent).st_mode | 0o001)
        self.data = self.folder / "data"

    def direct(self, program, connections, seconds):
        """Reads a second of the C library alone."""
        output = subprocess.run(
            [program, self.engine, self.socket, self.user, "bench", str(connections),
             str(seconds)], check=True, capture_output=True, text=True).stdout
        return int(output)


class PostgreSQL(Server):
    engine, user = "postgres", "postgres"

    def __init__(self, folder):
        super().__init__(folder)
        programs = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        run(["install", "-d", "-o", "postgres", "-m", "700", self.data])
        run([*user, programs / "initdb", f"--pgdata={self.data}", "--username=postgres",
             "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
        self.socket = self.data
        self.sql = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.data, "-U", "postgres"]
        self.process = Process(
            [*user, programs / "postgres", "-D", self.data, "-c", "listen_addresses=", "-c",
             f"unix_socket_directories={self.data}"], self.folder / "log",
            ready=lambda: run([*self.sql, "postgres", "-c", "SELECT 1"]))
        self.database = (
            f"{{engine: postgres, socket: {self.data}, user: postgres, name: bench}}")

    def fill(self):
        numbers = f"CREATE TEMP TABLE numbers AS SELECT generate_series(1, {ROWS}) AS n;"
        run([*self.sql, "bench"], numbers + ROWS_SQL.format(false="false") + "ANALYZE;")


class MariaDB(Server):
    engine, user = "mariadb", "root"

    def __init__(self, folder):
        super().__init__(folder)
        run(["install", "-d", "-o", "mysql", "-m", "755", self.data])
        run(["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={self.data}",
             "--auth-root-authentication-method=normal", "--skip-test-db"])
        self.socket = self.data / "socket"
        self.sql = ["mariadb", "--no-defaults", "--user=root", f"--socket={self.socket}"]
        self.process = Process(
            ["/usr/sbin/mariadbd", "--no-defaults", "--user=mysql", f"--datadir={self.data}",
             f"--socket={self.socket}", "--skip-networking"], self.folder / "log",
            ready=lambda: run([*self.sql, "-e", "SELECT 1"]))
        self.database = f"{{engine: mariadb, socket: {self.socket}, user: root, name: bench}}"

    def fill(self):
        numbers = f"CREATE TEMPORARY TABLE numbers SELECT seq AS n FROM seq_1_to_{ROWS};"
        run([*self.sql, "bench"], numbers + ROWS_SQL.format(false="0"))


def compile_direct(program):
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libpq", "libmariadb"], check=True,
                           capture_output=True, text=True).stdout.split()
    run(["cc", "-O2", "-o", program, HERE / "direct.c", *flags, "-pthread"])
