"""The controller under test: started, killed, started again; its size and its clock."""

import http.server
import json
import mmap
import os
import pathlib
import signal
import struct
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).parent


class Clock:
    """The controller's wall clock; see clock.c."""

    def __init__(self, work):
        self.file, self.library = work / "clock", work / "clock.so"
        self.file.write_bytes(struct.pack("l", 0))
        subprocess.run(
            ["clang", "-O1", "-shared", "-fPIC", "-o", self.library, HERE / "clock.c"], check=True)
        with open(self.file, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), 8)

    def jump(self, seconds):
        self.page[:8] = struct.pack("l", seconds)

    @property
    def environment(self):
        return {"LD_PRELOAD": str(self.library), "SOAK_CLOCK": str(self.file)}


class Controller:
    def __init__(self, stead, work, state, clock):
        self.stead, self.state, self.clock = stead, state, clock
        self.work, self.log = work, work / "controller.log"
        self.process = None
        self.is_wanted = True
        self.sizes = []
        self.starts = self.exits = 0
        self.delay = 0.0
        self.lock = threading.Lock()
        threading.Thread(target=self.keep, daemon=True).start()
        threading.Thread(target=self.measure, daemon=True).start()

    def keep(self):
        """Starts it again whenever it has ended, as a service manager would."""
        while self.is_wanted:
            with self.lock, open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    [self.stead, "controller", "--repo", str(self.work / "tree.git"), "--ref",
                     "main", "--state", str(self.state)],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env={**os.environ, **self.clock.environment})
                self.starts += 1
            status = self.process.wait()
            if self.is_wanted and status != -signal.SIGKILL:
                self.exits += 1
            time.sleep(max(0.5, self.delay))

    def signal(self, number):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def measure(self):
        """Every two seconds: resident kB, open files, children that nobody has waited for."""
        start = time.monotonic()
        while self.is_wanted:
            time.sleep(2)
            pid = self.process.pid if self.process else 0
            try:
                with open(f"/proc/{pid}/status", encoding="ascii") as status:
                    lines = dict(line.split(":", 1) for line in status)
                resident = int(lines["VmRSS"].split()[0])
                files = len(os.listdir(f"/proc/{pid}/fd"))
                threads = int(lines["Threads"])
            except (OSError, KeyError, ValueError):
                continue
            self.sizes.append((time.monotonic() - start, pid, resident, files, threads,
                               len(self.zombies(pid))))

    @staticmethod
    def zombies(pid):
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] == "Z" and int(fields[1]) == pid:
                found.append(int(folder.name))
        return found

    def end(self, within=60):
        """Lets it end by itself; returns its status, or None when it had to be killed."""
        self.is_wanted = False
        with self.lock:
            process = self.process
        if process is None:
            return 0
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            return process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def call(self, *words, check=False):
        """The command line, with the machine's real clock."""
        done = subprocess.run(
            [self.stead, *words, "--state", str(self.state)], capture_output=True, text=True,
            check=False, timeout=120, cwd=self.work)
        if check and done.returncode != 0:
            raise RuntimeError(f"stead {words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def status(self):
        done = self.call("status", "--format", "json")
        return json.loads(done.stdout) if done.returncode == 0 else {}


class Messages:
    """A webhook that keeps what it is told."""

    def __init__(self):
        self.told = {}
        messages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                message = json.loads(body)
                messages.told[message["id"]] = message
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def count(self, event, subject):
        return sum(message["event"] == event and message["subject"] == subject
                   for message in list(self.told.values()))
