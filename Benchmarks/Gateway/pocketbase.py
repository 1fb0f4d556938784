"""PocketBase with the same tables: as it comes, with its request log and synchronous = NORMAL."""

import pathlib
import shutil
import sqlite3
import subprocess

from gateways import LOREM, OWNERS, ROWS
from load import Process, fetch, free_port

PERSON = "{:015d}"
PASSWORD = "a long password"


def field(name, kind, **more):
    return {"name": name, "type": kind, **more}


class PocketBase:
    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.program = program
        self.run("superuser", "upsert", "root@example.com", PASSWORD)
        self.start()
        self.make_collections()
        self.process.end()
        self.fill()
        self.start()
        answer = self.call("collections/users/auth-with-password", {
            "identity": "1@example.com", "password": PASSWORD})
        self.token = answer["token"]

    def run(self, *words):
        subprocess.run([self.program, "--dir", self.folder / "data", *words], check=True,
                       capture_output=True)

    def start(self):
        self.port = free_port()
        self.process = Process(
            [self.program, "--dir", self.folder / "data", "serve",
             f"--http=127.0.0.1:{self.port}"], self.folder / "log",
            ready=lambda: fetch(f"http://127.0.0.1:{self.port}/api/health"))

    def call(self, path, body=None, token=None):
        headers = {"Authorization": token} if token else {}
        return fetch(f"http://127.0.0.1:{self.port}/api/{path}", body, headers=headers)

    def make_collections(self):
        root = self.call("collections/_superusers/auth-with-password", {
            "identity": "root@example.com", "password": PASSWORD})["token"]
        for number in range(1, OWNERS + 1):
            self.call("collections/users/records", {
                "id": PERSON.format(number), "email": f"{number}@example.com",
                "password": PASSWORD, "passwordConfirm": PASSWORD}, root)
        users = self.call("collections/users", token=root)["id"]
        fields = [
            field("user_id", "relation", collectionId=users, maxSelect=1),
            field("title", "text", required=True), field("body", "text"),
            field("views", "number"), field("done", "bool"),
            field("created", "autodate", onCreate=True),
            field("updated", "autodate", onCreate=True, onUpdate=True)]
        own = "user_id = @request.auth.id"
        for name, rule, create in (("posts", "", ""), ("notes", own, None)):
            self.call("collections", {
                "name": name, "type": "base", "fields": fields, "listRule": rule,
                "viewRule": rule, "createRule": create}, root)

    def fill(self):
        connection = sqlite3.connect(self.folder / "data/data.db")
        stamp = "2026-01-01 00:00:00.000Z"
        with connection:
            for table in ("posts", "notes"):
                connection.executemany(
                    f"INSERT INTO {table} (id, user_id, title, body, views, done, created, updated)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    ((f"{n:015d}", PERSON.format(1 + n % OWNERS), f"post {n}", LOREM, n, 0, stamp,
                      stamp) for n in range(1, ROWS + 1)))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
