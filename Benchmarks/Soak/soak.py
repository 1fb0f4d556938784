"""Runs the controller against real hosts for a while, breaks everything around it, and looks at
the end whether all is as git says. See README.md.

soak.py STEAD WORK SECONDS [SEED]
"""

import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback

import hosts as fleet
from controller import Clock, Controller, Messages
from desired import Resource, Tree
from faults import FAULTS
from oracle import Oracle

HOSTS = 4
SETTINGS = """version: 1
source: {{interval: 1s}}
reconcile: {{interval: 4s}}
policy: {{maxDeletes: 3}}
notify: [{{webhook: "http://127.0.0.1:{port}/"}}]
"""


class Soak:
    growth_kilobytes = 40 * 1024

    def __init__(self, stead, work, seconds, seed):
        self.stead, self.work, self.seconds = stead, work, seconds
        # Each has one of its own, so that the order of the faults is the seed's alone.
        self.random = random.Random(seed)
        self.jumps, self.pusher, self.drifter = (random.Random(f"{seed} {n}") for n in range(3))
        self.is_short = seconds <= 300
        self.begin = time.monotonic()
        self.failures = []
        self.ever_removed = set()
        self.pushing = threading.Lock()
        self.is_over = threading.Event()
        self.locks = {}
        self.saying = threading.Lock()
        self.state = work / "state"
        self.controller = None

    def say(self, words):
        with self.saying:
            print(f"soak: {time.monotonic() - self.begin:6.1f} s  {words}", flush=True)

    def fail(self, words):
        self.say(f"WRONG: {words}")
        self.failures.append(words)

    # Set-up

    def set_up(self):
        self.work.mkdir(parents=True)
        self.state.mkdir(mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m,mode=700", "soak", self.state],
                       check=True)
        self.hosts = fleet.all_hosts(HOSTS)
        self.has_netem = self.hosts[0].network(
            "tc", "qdisc", "add", "dev", "eth0", "root", "netem", check=False) == 0
        self.hosts[0].network("tc", "qdisc", "del", "dev", "eth0", "root", check=False)
        self.say("packets are dropped and delayed by " +
                 ("netem" if self.has_netem else "netfilter and a slow queue: no netem here"))
        for host in self.hosts:
            host.prepare()
        self.messages = Messages()
        self.tree = Tree(self.work, self.hosts, fleet.OUT / "id_ed25519",
                         SETTINGS.format(port=self.messages.port))
        for host in self.hosts:
            for number in ("soak", "soak-disk"):
                self.tree.set(Resource("keep", host, number))
            for sort, count in (("file", 4), ("job", 2), ("site", 3), ("disk", 2), ("count", 2)):
                for number in range(count if host is not self.hosts[-1] or sort != "count" else 0):
                    self.tree.set(Resource(sort, host, number))
        self.tree.push("Begin")
        self.clock = Clock(self.work)
        self.controller = Controller(self.stead, self.work, self.state, self.clock)
        self.wait("the first commit", self.is_settled, within=120)

    def random_jumps(self):
        """Forward, back, and far: seconds."""
        return [self.jumps.choice([1, -1]) * self.jumps.choice([90, 3600, 86400, 3 * 86400])
                for _ in range(3)]

    # Waiting

    def wait(self, what, condition, within):
        end = time.monotonic() + within
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.5)
        self.fail(f"waited {within} s in vain for {what}")
        return False

    def is_settled(self):
        status = self.controller.status()
        commit = status.get("lastCommit") or {}
        return (commit.get("revision") == self.tree.head and commit.get("verdict") == "applied"
                and not status["conditions"])

    def expect_source(self, *words):
        """The condition of the source says why the branch is not followed."""
        def says():
            messages = [c["message"] for c in self.controller.status().get("conditions", [])
                        if c["subject"] == "source"]
            return any(word in message for message in messages for word in words)
        self.wait(f"a condition that says “{words[0]}”", says, within=60)

    # What people do meanwhile

    def push_changes(self):
        chance = self.pusher
        while not self.is_over.wait(chance.uniform(1.5, 4)):
            with self.pushing:
                if self.is_over.is_set():
                    return
                self.change(chance)

    def change(self, chance):
        done = []
        for _ in range(chance.randint(1, 3)):
            what = chance.random()
            resources = list(self.tree.resources.values())
            if what < 0.6:
                counted = [r for r in resources if r.sort == "count"]
                resource = chance.choice(counted if chance.random() < 0.3 else resources)
                done.append(f"edit {resource.address}")
                self.tree.set(resource)
            elif what < 0.85:
                sort = chance.choice(["file", "job", "site"])
                resource = Resource(sort, chance.choice(self.hosts), chance.randint(10, 25))
                done.append(f"add {resource.address}")
                self.tree.set(self.tree.resources.get(resource.address, resource))
            elif not any(word.startswith("delete") for word in done):
                free = [r for r in resources if r.sort in ("file", "job", "site")]
                if len(free) > 20:
                    resource = chance.choice(free)
                    done.append(f"delete {resource.address}")
                    self.ever_removed.add(resource)
                    self.tree.remove(resource)
        self.tree.push(", ".join(done) or "Nothing")

    def drift_hosts(self):
        """Somebody works on the hosts by hand, past git; never on what is counted or must stay."""
        chance = self.drifter
        ways = ['echo drift >>"$1"', 'rm -f "$1"', 'chmod 600 "$1"', ': >"$1"', 'chown 1000 "$1"']
        while not self.is_over.wait(chance.uniform(1, 4)):
            with self.pushing:
                free = [r for r in self.tree.resources.values() if r.sort not in ("keep", "count")]
                resource = chance.choice(free)
            script = f'[ ! -e "$1" ] || {{ {chance.choice(ways)}; }}'
            try:
                resource.host.run(script, resource.path, check=False)
            except subprocess.TimeoutExpired:
                pass  # The host is frozen, or not there.

    def approve_deletes(self):
        """More deletes than one run may make wait for a person, who knows which are meant."""
        done = self.controller.call("plans", "--format", "json")
        for line in json.loads(done.stdout) if done.returncode == 0 else []:
            plan = self.controller.call("plans", line["id"]).stdout
            meant = {r.address for r in self.tree.gone.values()}
            for row in plan.splitlines():
                if row.startswith("- ") and row.split()[1] not in meant:
                    self.fail(f"a plan would delete {row.split()[1]}")
            self.say(f"approving {line['summary']}")
            self.controller.call("approve", line["id"])

    # The faults

    def schedule(self):
        """Every kind once in a random order, then more, for as long as there is time."""
        end = self.begin_of_faults + self.seconds
        threads, names = [], []
        while True:
            if not names:
                names = list(FAULTS)
                self.random.shuffle(names)
                if threads and self.is_short:
                    break
            name = names.pop()
            sort, fault = FAULTS[name]
            host = self.hosts[-1] if sort == "last" else self.random.choice(self.hosts[:-1])
            long = (2, 6) if self.is_short else (2, 20)
            seconds = self.random.uniform(*long)
            key = host.name if sort in ("host", "last") else sort
            thread = threading.Thread(
                target=self.cause, args=(name, fault, host, seconds, key), daemon=True)
            thread.start()
            threads.append(thread)
            time.sleep(self.random.uniform(2, 7) if self.is_short else self.random.uniform(3, 15))
            if time.monotonic() > end and not self.is_short:
                break
        for thread in threads:
            thread.join(300)
            if thread.is_alive():
                self.fail("a fault does not come to its end")

    def cause(self, name, fault, host, seconds, key):
        with self.locks.setdefault(key, threading.Lock()):
            where = f" of {host.name}" if key == host.name else ""
            self.say(f"{name}{where}, {seconds:.1f} s")
            try:
                fault(self, host, seconds)
            except (RuntimeError, OSError, subprocess.SubprocessError):
                self.fail(f"{name} could not be done: {traceback.format_exc()}")

    # The run

    def run(self):
        self.set_up()
        self.say(f"in step: {len(self.tree.resources)} resources on {len(self.hosts)} hosts")
        people = [threading.Thread(target=work, daemon=True)
                  for work in (self.push_changes, self.drift_hosts)]
        self.begin_of_faults = time.monotonic()
        for person in people:
            person.start()
        self.schedule()
        self.is_over.set()
        for person in people:
            person.join(120)
        self.say("the faults are over")
        # Whoever mends a host by hand has it looked at anew by a commit.
        self.tree.push("Go on")
        begin = time.monotonic()

        def is_settled():
            self.approve_deletes()
            return self.is_settled()

        if self.wait("the end", is_settled, within=180):
            self.say(f"in step again after {time.monotonic() - begin:.1f} s")
        else:
            for line in self.controller.call("status").stdout.splitlines():
                if " as applied on " not in line:
                    self.say(line)
        self.look()

    def look(self):
        self.failures += Oracle(self).judge()
        replaced = self.messages.count("hostKey", f"server/{self.hosts[-1].name}")
        self.say(f"{self.tree.version} versions, {len(self.ever_removed)} deletes, "
                 f"{self.controller.starts} starts of the controller, of which "
                 f"{self.controller.exits} after it had given up; {replaced} messages of new keys; "
                 f"{len(self.messages.told)} messages in all")
        status = self.controller.end()
        if status != 0:
            self.fail(f"the controller ended with {status} after SIGTERM")
        oracle = Oracle(self)
        oracle.controller(self.controller.log.read_text(errors="replace"))
        self.failures += oracle.wrong
        plan = self.controller.call(
            "plan", "--repo", str(self.tree.bare), "--ref", "main", "--detailed-exitcode")
        if plan.returncode != 0:
            self.fail(f"a plan at the end: {plan.returncode}\n{plan.stdout}{plan.stderr}")
        audit = self.controller.call("audit", "verify")
        self.say(audit.stdout.strip())
        if audit.returncode != 0:
            self.fail(f"the audit log: {audit.stdout}{audit.stderr}")

    def clean_up(self):
        self.is_over.set()
        if self.controller:
            self.controller.end(within=20)
        for host in getattr(self, "hosts", []):
            try:
                host.network("tc", "qdisc", "del", "dev", "eth0", "root", check=False)
                host.network("iptables", "-w", "-F", check=False)
                host.clear()
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                self.say(f"{host.name} is not cleared: {error}")
        subprocess.run(["umount", "-l", self.state], check=False, capture_output=True)


def main():
    stead, work, seconds = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(10 ** 6)
    print(f"soak: SEED={seed}", flush=True)
    # What is asked to end puts everything back first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    subprocess.run(["umount", "-l", work / "state"], check=False, capture_output=True)
    shutil.rmtree(work, ignore_errors=True)
    soak = Soak(stead, work.resolve(), seconds, seed)
    try:
        soak.run()
    except (RuntimeError, OSError, subprocess.SubprocessError):
        soak.fail(traceback.format_exc())
    finally:
        soak.clean_up()
    for words in soak.failures:
        print(f"soak: WRONG: {words}")
    if soak.failures:
        print(f"soak: failed with SEED={seed}; what the controller said: {soak.controller.log}"
              if soak.controller else "soak: failed before the controller was there")
        sys.exit(1)
    print(f"soak: passed with SEED={seed}")


if __name__ == "__main__":
    main()
