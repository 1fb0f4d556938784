"""What must be so at the end, by looking at the hosts and into the state, without Stead."""

import base64
import collections
import re
import sqlite3
import urllib.request

import hosts as fleet


class Oracle:
    def __init__(self, soak):
        self.soak = soak
        self.wrong = []

    def fail(self, words):
        self.wrong.append(words)

    def judge(self):
        for host in self.soak.hosts:
            self.contents(host)
            self.neighbours(host)
            self.answers(host)
        self.journal()
        self.runs_of_commands()
        self.deletes()
        return self.wrong

    def read(self, host, paths):
        """The contents of files, and None for those that are not there; one call for all."""
        script = 'for path in "$@"; do printf "\\n=%s\\n" "$path"; [ -e "$path" ] || echo absent; '
        script += '[ ! -e "$path" ] || { echo present; base64 -w 0 "$path"; }; done'
        found = {}
        for block in host.run(script, *paths).split("\n=")[1:]:
            lines = block.split("\n")
            found[lines[0]] = base64.b64decode(lines[2]).decode() if lines[1] == "present" else None
        return found

    def contents(self, host):
        """Byte by byte: what is declared is there, what was declared once is not, and in the
        folders that the soak has to itself there is nothing else."""
        mine = [r for r in self.soak.tree.resources.values() if r.host is host]
        gone = [r for r in self.soak.tree.gone.values() if r.host is host]
        found = self.read(host, [r.path for r in mine + gone])
        for resource in mine:
            if found[resource.path] != resource.expected():
                self.fail(f"{host.name}: {resource.path} is {found[resource.path]!r:.80}, and not "
                          f"{resource.expected()!r:.80}")
        for resource in gone:
            if found[resource.path] is not None:
                self.fail(f"{host.name}: {resource.path} has left git and is still there")
        known = {r.path for r in mine} | {r.log for r in mine + gone} | set(fleet.NEIGHBOURS)
        there = host.run("find /srv/soak /srv/soak-disk /etc/cron.d /etc/nginx/sites-available "
                         "/etc/nginx/.stead-undo -type f 2>/dev/null; :").split()
        for path in there:
            if "soak" in path and path not in known:
                self.fail(f"{host.name}: nobody knows of {path}")
            if ".stead-" in path:
                self.fail(f"{host.name}: {path} was left behind")
        links = set(host.run("cd /etc/nginx/sites-enabled; ls -d soak-* 2>/dev/null; :").split())
        expected = {f"{r.name}.conf" for r in mine if r.sort == "site"} | {"soak-neighbour.conf"}
        if links != expected:
            self.fail(f"{host.name}: sites that are on: {sorted(links ^ expected)} differ")
        modes = host.run('stat -c "%n %a %U %G" "$@"', *[r.path for r in mine], check=False)
        for line in modes.splitlines():
            if not line.endswith(" 644 root root"):
                self.fail(f"{host.name}: {line}, and not 644 root root")

    def neighbours(self, host):
        found = self.read(host, list(fleet.NEIGHBOURS))
        for path, text in fleet.NEIGHBOURS.items():
            if found[path] != text:
                self.fail(f"{host.name}: the neighbour {path} is {found[path]!r:.80}")
        absent = collections.Counter(
            host.run("cat /run/soak-absent 2>/dev/null; :").split())
        for path, times in absent.items():
            self.fail(f"{host.name}: {path} was absent ({times} looks)")
        if not host.run('kill -0 "$(cat /run/soak-watch.pid)" 2>/dev/null && echo watches; :'):
            self.fail(f"{host.name}: the watcher has not watched to the end")

    def answers(self, host):
        """nginx serves what is declared, and no more."""
        for resource in self.soak.tree.resources.values():
            if resource.host is host and resource.sort == "site":
                request = urllib.request.Request(
                    f"http://{host.address}/", headers={"Host": resource.domain})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    words = answer.read().decode().strip()
                if words != resource.value:
                    self.fail(f"{host.name}: {resource.domain} answers {words}, "
                              f"and not {resource.value}")

    def ask(self, sql):
        with sqlite3.connect(f"file:{self.soak.state}/stead.db?mode=ro", uri=True) as state:
            return state.execute(sql).fetchall()

    def journal(self):
        """Nothing is owed or under way at the end."""
        for run, address, step, state in self.ask(
                "SELECT run, address, step, state FROM journal WHERE state IN ('planned','started')"
                " AND leaves_trace = 0"):
            self.fail(f"run {run}: `{step}` of {address} is still {state}")

    def runs_of_commands(self):
        """A command after a write leaves no trace that a look could see. So it runs again after an
        interruption that left open whether it ran, and never otherwise: a version's runs are one,
        and one more at most for each of its steps that was begun and never known to succeed."""
        succeeded, open_ended = collections.Counter(), collections.Counter()
        for address, state in self.ask(
                "SELECT address, state FROM journal WHERE step = 'after' AND started_at NOT NULL"):
            (succeeded if state == "succeeded" else open_ended)[address] += 1
        repeats = runs = 0
        for resource in self.soak.tree.resources.values():
            if resource.sort != "count":
                continue
            lines = resource.host.run(f"cat {resource.log}").split()
            versions = collections.Counter(lines)
            runs += len(lines)
            if resource.value not in versions:
                self.fail(f"{resource.address}: the command after {resource.value} never ran")
            address = resource.address
            begun = succeeded[address] + open_ended[address]
            if not succeeded[address] <= len(lines) <= begun:
                self.fail(f"{address}: its command ran {len(lines)} times; the journal knows "
                          f"{succeeded[address]} successes and {open_ended[address]} open ends")
            again = sum(times - 1 for times in versions.values())
            repeats += again
            if again > open_ended[address]:
                self.fail(f"{address}: its command ran {again} times too often, with "
                          f"{open_ended[address]} interruptions: {versions.most_common(3)}")
            order = [int(line[1:]) for line in lines]
            if order != sorted(order):
                self.fail(f"{address}: an old version came back: {order}")
        self.soak.say(f"commands after a write: {runs} runs, {repeats} of them again after one "
                      f"of {sum(open_ended.values())} open ends")

    def deletes(self):
        """Only what left git was ever removed, and by nobody but a run."""
        meant = {r.address for r in self.soak.ever_removed}
        for (address,) in self.ask(
                "SELECT DISTINCT address FROM journal WHERE step LIKE 'remove %'"):
            if address not in meant:
                self.fail(f"{address} was to be removed, and never left git")

    def controller(self, log):
        """It ended by itself only when it was told to; it neither grew nor kept things open."""
        sizes = self.soak.controller.sizes
        lives = collections.defaultdict(list)
        for size in sizes:
            lives[size[1]].append(size)
        # A life of its own for each process: the second sample counts as its beginning.
        for life in lives.values():
            if len(life) < 10:
                continue
            begin, end = life[min(5, len(life) // 2)], life[-1]
            self.soak.say(f"process {begin[1]}: {begin[2] // 1024} MB, {begin[3]} files, "
                          f"{begin[4]} threads at {begin[0]:.0f} s; {end[2] // 1024} MB, "
                          f"{end[3]} files, {end[4]} threads at {end[0]:.0f} s")
            if end[2] - begin[2] > self.soak.growth_kilobytes:
                self.fail(f"the controller grew from {begin[2]} kB to {end[2]} kB")
            if end[3] - begin[3] > 60:
                self.fail(f"the controller's open files went from {begin[3]} to {end[3]}")
        worst = max((size[5] for size in sizes), default=0)
        if sizes and sizes[-1][5]:
            self.fail(f"{sizes[-1][5]} zombies at the end (at most {worst} at once)")
        for line in re.findall(r"(?i)^.*(?:fatal error|precondition failed|segmentation).*$",
                               log, re.MULTILINE)[:5]:
            self.fail(f"the controller's log: {line}")
