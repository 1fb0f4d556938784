"""Processes of a benchmark, and wrk against them."""

import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def fetch(url, body=None, method=None, headers=None):
    """What a JSON API answers; an HTTP error raises with what the server said."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{url}: {error.code} {error.read().decode()}") from None
    return json.loads(text) if text else None


class Process:
    """A server in the background; `seconds` says how long it took until `ready` answered."""

    def __init__(self, command, log, ready=None, environment=None):
        start = time.monotonic()
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env={**os.environ, **(environment or {})})
        while ready is not None:
            try:
                ready()
                break
            except (OSError, RuntimeError, subprocess.CalledProcessError):
                if self.process.poll() is not None or time.monotonic() - start > 60:
                    self.end()
                    raise RuntimeError(f"{command[0]} did not start: {log}") from None
                time.sleep(0.005)
        self.seconds = time.monotonic() - start

    def resident(self):
        """MB of memory that are in use now."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in text.splitlines())
        return int(fields["VmRSS"].split()[0]) / 1024

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Load:
    """One way to ask one server, and what came of each time."""

    def __init__(self, port, path, method="GET", connections=32, **settings):
        self.url = f"http://127.0.0.1:{port}"
        self.method, self.path = method, path
        self.connections, self.settings = connections, settings
        self.rates, self.p50, self.p99 = [], [], []

    def run(self, seconds):
        words = [f"{name}={value}" for name, value in self.settings.items()]
        output = subprocess.run(
            ["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "10s", "-s",
             HERE / "load.lua", self.url, "--", self.method, self.path, *words],
            check=True, capture_output=True, text=True).stdout
        line = next(line for line in output.splitlines() if line.startswith("figures "))
        _, requests, errors, duration, p50, p99 = line.split()
        if int(errors) or not int(requests):
            problem = f"{self.method} {self.url}{self.path}: {errors} of {requests} failed"
            raise RuntimeError(problem)
        self.rates.append(int(requests) / float(duration))
        self.p50.append(int(p50))
        self.p99.append(int(p99))

    @property
    def rate(self):
        return statistics.median(self.rates)

    @property
    def tail(self):
        """How many times the median the slowest hundredth takes."""
        return statistics.median(self.p99) / statistics.median(self.p50)


def in_turn(loads, rounds, seconds):
    """Runs loads side by side in time, so that the machine's noise hits all of them."""
    for load in loads:
        load.run(1)
        load.__init__(int(load.url.rsplit(":", 1)[1]), load.path, load.method, load.connections,
                      **load.settings)
    for _ in range(rounds):
        for load in loads:
            load.run(seconds)
