"""Stead's gateway: desired trees, rows, and processes that serve them."""

import pathlib
import shutil
import sqlite3
import subprocess

from load import ROOT, Process, fetch, free_port

STEAD = ROOT / ".build/release/stead"
ROWS = 100_000
OWNERS = 10

COLUMNS = """
      id: {type: int, primary: true, auto: true}
      user_id: {type: int, foreign: users.id}
      title: {type: string, max: 200, required: true}
      body: {type: text}
      views: {type: int}
      done: {type: bool, required: true, default: false}
      created_at: {type: datetime, createdAt: true}
      updated_at: {type: datetime, updatedAt: true}
"""

SCHEMA = f"""kind: Schema
tables:
  users:
    fields:
      id: {{type: int, primary: true, auto: true}}
      email: {{type: string, max: 190, required: true, unique: true}}
      password: {{type: string, max: 100, required: true}}
    filter: owner
  posts:
    fields: {COLUMNS}
    public: [list, show, create]
  notes:
    fields: {COLUMNS}
    filter: owner
"""

LOREM = "lorem ipsum " * 10
STAMP = "2026-01-01 00:00:00.000"


def rows():
    """The rows of `posts` and of `notes`, as all engines take them."""
    for number in range(1, ROWS + 1):
        yield (number, 1 + number % OWNERS, f"post {number}", LOREM, number, 0, STAMP, STAMP)


class Tree:
    """A desired tree with apps, a state folder beside it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.write("repo/desired/stead.yaml", "version: 1\n")
        self.write("repo/desired/servers/here.yaml", "kind: Server\nname: here\ntransport: local\n")

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def app(self, name, database, schema=SCHEMA, hosts="", auth=True):
        words = ["kind: App", f"hosts: [{hosts}]", f"database: {database}"]
        if auth:
            words.append("auth: {table: users, password: password, register: true}")
        self.write(f"repo/desired/apps/{name}/app.yaml", "\n".join(words) + "\n")
        self.write(f"repo/desired/apps/{name}/schema.yaml", schema)

    def apply(self):
        subprocess.run(
            [STEAD, "apply", "--yes", "--repo", self.folder / "repo", "--state",
             self.folder / "state"], check=True, capture_output=True)

    def serve(self, environment=None):
        """A gateway of its own; its access log goes to a file, as PocketBase's goes to one."""
        port = free_port()
        gateway = Process(
            [STEAD, "gateway", "--listen", f"127.0.0.1:{port}", "--state", self.folder / "state",
             "--access-log", self.folder / "access.log"], self.folder / "gateway.log",
            ready=lambda: fetch(f"http://127.0.0.1:{port}/readyz"), environment=environment)
        gateway.port = port
        return gateway

    def fill_sqlite(self, name):
        """As many people as own rows, and the rows."""
        connection = sqlite3.connect(self.folder / "state/databases" / name)
        with connection:
            people = [(i, f"{i}@example.com", "-") for i in range(2, OWNERS + 1)]
            connection.executemany("INSERT INTO users VALUES (?, ?, ?)", people)
            for table in ("posts", "notes"):
                connection.executemany(
                    f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows())
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def register(port):
    """The first person's token: the rows that number 10, 20, … are theirs."""
    answer = fetch(
        f"http://127.0.0.1:{port}/api/auth/register",
        {"email": "1@example.com", "password": "a long password"})
    return answer["data"]["token"]


def many(folder, apps, tables):
    """A tree of so many apps with so many tables each, all the same."""
    tree = Tree(folder)
    schema = "kind: Schema\ntables:\n" + "".join(
        f"  table{number}:\n    fields: {COLUMNS.replace(', foreign: users.id', '')}"
        "    public: [list, show]\n" for number in range(tables))
    for number in range(apps):
        tree.app(f"app{number}", f"{{engine: sqlite, path: app{number}.db}}", schema,
                 hosts=f"app{number}.example.com", auth=False)
    tree.apply()
    for number in range(apps):
        connection = sqlite3.connect(tree.folder / f"state/databases/app{number}.db")
        with connection:
            connection.executemany(
                "INSERT INTO table7 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row for row, _ in zip(rows(), range(1000))))
        connection.close()
    return tree
