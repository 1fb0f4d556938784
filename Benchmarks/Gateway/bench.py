"""Measures the gateway against its peers in one run, and prints ratios. See README.md.

bench.py WORK POCKETBASE [quick] [FIGURE…]    figures: sqlite idle many servers
"""

import pathlib
import resource
import socket
import statistics
import sys

import gateways
import servers
from gateways import Tree
from load import ROOT, Load, Process, fetch, free_port, in_turn
from pocketbase import PERSON, PocketBase

CONSTANT = ROOT / ".build/release/stead-constant"


class Bench:
    def __init__(self, work, pocketbase, is_quick):
        self.work = pathlib.Path(work)
        self.pocketbase = pocketbase
        self.rounds, self.seconds = (1, 3) if is_quick else (3, 5)
        self.lines = []

    def row(self, name, ours, peer, ratio, bound):
        self.lines.append(f"{name:<46} {ours:>11} {peer:>11}   {ratio:>8}   {bound}")
        print(self.lines[-1], flush=True)

    def compare(self, name, ours, bounds):
        """Bounds: (what the peer is, its load, the least ratio)."""
        in_turn([ours, *(load for _, load, _ in bounds)], self.rounds, self.seconds)
        for peer, load, least in bounds:
            self.row(f"{name} / {peer}", f"{ours.rate:.0f}/s", f"{load.rate:.0f}/s",
                     f"{ours.rate / load.rate:.2f}", f"at least {least}")

    def sqlite(self):
        tree = Tree(self.work / "one")
        tree.app("bench", "{engine: sqlite, path: bench.db}")
        tree.apply()
        gateway = tree.serve()
        pocketbase = PocketBase(self.pocketbase, self.work / "pocketbase")
        constant, constant_port = self.constant()
        try:
            token = gateways.register(gateway.port)
            tree.fill_sqlite("bench.db")
            self.reads(gateway, pocketbase, constant_port, token)
            ours = gateway.resident()
            theirs = pocketbase.process.resident()
            self.row("resident after these reads / PocketBase", f"{ours:.1f} MB",
                     f"{theirs:.1f} MB", f"{ours / theirs:.2f}", "at most 0.33")
            body = Load(gateway.port, "/api/posts", "POST")
            peer = Load(pocketbase.port, "/api/collections/posts/records", "POST")
            self.compare("create", body, [("PocketBase", peer, 3)])
            self.tail(gateway, constant_port)
        finally:
            for process in (gateway, pocketbase.process, constant):
                process.end()

    def constant(self):
        port = free_port()
        ready = lambda: fetch(f"http://127.0.0.1:{port}/")
        return Process([CONSTANT, port], self.work / "constant.log", ready=ready), port

    def reads(self, gateway, pocketbase, constant_port, token):
        records = "/api/collections/{}/records"
        self.point = Load(gateway.port, "/api/posts/#")
        self.compare("point read", self.point, [
            ("PocketBase", Load(pocketbase.port, records.format("posts") + "/#", width=15), 4),
            ("a constant", Load(constant_port, "/api/posts/#"), 0.7)])
        self.compare("list of 30", Load(gateway.port, "/api/posts"), [
            ("PocketBase", Load(
                pocketbase.port, records.format("posts") + "?perPage=30&skipTotal=1"), 5)])
        own = {"first": 10, "step": 10}
        self.compare("signed in, own row", Load(
            gateway.port, "/api/notes/#", token=token, **own), [
            ("PocketBase", Load(
                pocketbase.port, records.format("notes") + "/#", width=15,
                token=pocketbase.token, **own), 4)])

    def tail(self, gateway, constant_port):
        """At 80 % of the most there can be, from many connections that pause in between; the
        constant under the same load says what the machine itself adds."""
        connections = 640
        rate = 0.8 * self.point.rate
        think = connections / rate * 1000
        # Answers and wrk's clock take their time besides the pauses.
        trial = Load(gateway.port, "/api/posts/#", connections=connections, think=round(think))
        trial.run(2)
        think -= (connections / trial.rate - connections / rate) * 1000
        loads = [Load(port, "/api/posts/#", connections=connections, think=max(1, round(think)))
                 for port in (gateway.port, constant_port)]
        # Many short rounds: a neighbour's burst spoils one of them, and not the median.
        in_turn(loads, 3 * self.rounds, 2)
        ours, constant = (load.tail for load in loads)
        share = 100 * loads[0].rate / self.point.rate
        self.row(f"p99 / p50 at {share:.0f} % of that, and a constant's", f"{ours:.2f}",
                 f"{constant:.2f}", "", "under 4")

    def idle(self):
        """Connections that were answered once, and are kept."""
        count = 10_000
        tree = Tree(self.work / "idle")
        tree.app("bench", "{engine: sqlite, path: bench.db}")
        tree.apply()
        gateway = tree.serve()
        try:
            held = []
            for _ in range(count):
                connection = socket.create_connection(("127.0.0.1", gateway.port))
                connection.sendall(b"GET /api/posts?limit=1 HTTP/1.1\r\nHost: bench\r\n\r\n")
                held.append(connection)
            for connection in held:
                if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
                    raise RuntimeError("an idle connection was refused")
            resident = gateway.resident()
            for connection in held:
                connection.close()
            self.row(f"{count} idle connections", f"{resident:.1f} MB", "", "", "under 300 MB")
        finally:
            gateway.end()

    def many(self):
        """100 apps × 50 tables in one gateway, against one of them alone."""
        one = gateways.many(self.work / "alone", 1, 50).serve()
        all_apps = gateways.many(self.work / "many", 100, 50).serve()
        try:
            self.row("start with 100 apps × 50 tables", f"{all_apps.seconds:.2f} s", "", "",
                     "under 1 s")
            self.row("resident at the start of both", f"{all_apps.resident():.1f} MB",
                     f"{one.resident():.1f} MB", "", "")
            loads = [Load(gateway.port, "/api/table7/#", count=1000, host="app0.example.com")
                     for gateway in (all_apps, one)]
            in_turn(loads, self.rounds, self.seconds)
            self.row("point read, one of 100 apps / one app", f"{loads[0].rate:.0f}/s",
                     f"{loads[1].rate:.0f}/s", f"{loads[0].rate / loads[1].rate:.2f}",
                     "at least 0.9")
        finally:
            one.end()
            all_apps.end()

    def servers(self):
        program = self.work / "direct"
        servers.compile_direct(program)
        constant, port = self.constant()
        try:
            self.each_server(program, Load(port, "/api/posts/#"))
        finally:
            constant.end()

    def each_server(self, program, constant):
        for kind in (servers.MariaDB, servers.PostgreSQL):
            server = kind(self.work / kind.engine)
            gateway = None
            try:
                tree = Tree(self.work / f"{kind.engine}-tree")
                tree.app("bench", server.database)
                tree.apply()
                server.fill()
                gateway = tree.serve()
                load = Load(gateway.port, "/api/posts/#")
                self.server(kind.__name__, server, load, constant, program)
            finally:
                if gateway is not None:
                    gateway.end()
                server.process.end()

    def server(self, name, server, load, constant, program):
        """As many connections of the C library as the gateway has to the server, and as many as
        clients have to the gateway. What a constant answer, without any database, comes to beside
        it is the most that HTTP lets through on this machine."""
        direct = {16: [], load.connections: []}
        load.run(1)
        load.rates.clear()
        constant.rates.clear()
        # The machine's speed changes within seconds: short rounds meet all of them alike.
        for _ in range(3 * self.rounds):
            load.run(2)
            constant.run(2)
            for connections, rates in direct.items():
                rates.append(server.direct(program, connections, 2))
        for connections, rates in direct.items():
            peer = statistics.median(rates)
            self.row(f"point read, {name} / {connections} connections in C",
                     f"{load.rate:.0f}/s", f"{peer:.0f}/s", f"{load.rate / peer:.2f}",
                     "at least 0.6")
        peer = statistics.median(direct[16])
        self.row(f"a constant / 16 connections to {name} in C", f"{constant.rate:.0f}/s",
                 f"{peer:.0f}/s", f"{constant.rate / peer:.2f}", "")


def main():
    work, pocketbase, *words = sys.argv[1:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pathlib.Path(work).mkdir(parents=True, exist_ok=True)
    bench = Bench(work, pocketbase, "quick" in words)
    bench.row("figure", "Stead", "peer", "ratio", "bound")
    known = ["sqlite", "idle", "many", "servers"]
    for figure in [word for word in words if word != "quick"] or known:
        if figure not in known:
            sys.exit(__doc__)
        getattr(bench, figure)()


main()
