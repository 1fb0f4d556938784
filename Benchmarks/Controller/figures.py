"""What the controller takes while nothing happens, and how long a push takes to its end, on ten hosts
of the fleet. Prints figures, a line each: NAME VALUE.

figures.py STEAD FLEET REPO WORK [SECONDS]    REPO is what `scripts/fleet tree 10 REPO 20 25` wrote
"""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")
# As Stead writes a file: another name, synced, owner and mode, renamed.
WRITE = """cat >"$1.tmp" <<'END-OF-FILE'
{content}END-OF-FILE
sync "$1.tmp" && chown root:root "$1.tmp" && chmod 644 "$1.tmp" && mv -f "$1.tmp" "$1"
"""


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise SystemExit(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Bench:
    def __init__(self, stead, fleet, repo, work):
        self.stead, self.fleet = stead, pathlib.Path(fleet)
        self.work = pathlib.Path(work).resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.tree = self.work / "tree"
        shutil.copytree(repo, self.tree)
        (self.tree / "desired/stead.yaml").write_text(
            "version: 1\nsource: {interval: 10s}\nreconcile: {interval: 10s}\n")
        self.hosts = [line.split("\t")[0] for line in (self.fleet / "hosts").read_text().split("\n")
                      if line.startswith("h")]
        self.environment = {**os.environ, "STEAD_STATE": str(self.work / "state")}
        run(stead, "hook", "install", self.work / "infra.git", env=self.environment)
        self.log = open(self.work / "controller.log", "wb")
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-qm", "Begin")
        self.controller = subprocess.Popen(
            [stead, "controller", "--repo", self.work / "infra.git", "--ref", "main"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        while not (self.work / "state/run/controller.sock").exists():
            time.sleep(0.1)

    def git(self, *words):
        return run("git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", *words,
                   cwd=self.tree, env=self.environment)

    def push(self):
        """Pushes, and returns how long it took until the plan was shown, until the controller was
        told, and until the pusher saw that it is applied."""
        begin = time.monotonic()
        push = subprocess.Popen(
            ["git", "push", "-q", self.work / "infra.git", "main"], cwd=self.tree,
            env=self.environment, stderr=subprocess.PIPE, text=True)
        seen, lines = {}, []
        for line in push.stderr:
            for words in ("Plan: ", "the controller takes", "applied: "):
                if words in line:
                    seen.setdefault(words, time.monotonic() - begin)
            lines.append(line)
        if push.wait() != 0 or "applied: " not in seen:
            raise SystemExit("the push came to nothing: " + "".join(lines[-5:]))
        return list(seen.values())

    def steady(self, seconds):
        """CPU seconds in percent of one core, and the largest resident size in MB."""
        def ticks():
            stat = pathlib.Path(f"/proc/{self.controller.pid}/stat").read_text()
            fields = stat.rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])

        time.sleep(15)
        begin, start, largest = ticks(), time.monotonic(), 0
        while time.monotonic() < start + seconds:
            time.sleep(1)
            status = pathlib.Path(f"/proc/{self.controller.pid}/status").read_text()
            resident = next(line for line in status.split("\n") if line.startswith("VmRSS"))
            largest = max(largest, int(resident.split()[1]))
        return (ticks() - begin) / TICKS / (time.monotonic() - start) * 100, largest / 1024

    # The commands alone

    def connect(self):
        self.config = self.work / "ssh_config"
        self.config.write_text(
            "Host *\n    ControlMaster auto\n    ControlPersist 60\n"
            f"    ControlPath {self.work}/%n.socket\n"
            + (self.fleet / "ssh_config").read_text())
        for host in self.hosts:
            run("ssh", "-F", self.config, host, "true")

    def disconnect(self):
        for host in self.hosts:
            subprocess.run(["ssh", "-F", self.config, "-O", "exit", host], check=False,
                           capture_output=True)

    def scripts(self, words):
        """For each host the writes of its sites, a script each, then nginx's test and its reload."""
        result = {}
        for host in self.hosts:
            text = run("ssh", "-F", self.config, host,
                       f"cd /etc/nginx/sites-available; for f in site-{host}-*.conf; do "
                       'echo "=$f"; cat "$f"; done')
            result[host] = []
            for block in text.split("\n=")[0:]:
                name, _, content = block.removeprefix("=").partition("\n")
                content = content.rstrip("\n") + f"\n# {words}\n"
                result[host].append(f"set -- /etc/nginx/sites-available/{name}\n"
                                    + WRITE.format(content=content))
            result[host] += ["nginx -t\n", "systemctl reload nginx\n"]
        return result

    def shell(self, host, script):
        done = subprocess.run(
            ["ssh", "-F", self.config, host, 'p=; [ "$(id -u)" = 0 ] || p=sudo; exec $p sh -s'],
            input="set -e\n" + script, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{host}: {done.stderr}")

    def commands(self, words, is_one_script):
        """The same writes, nginx's test and its reload by ssh on open connections, all hosts side
        by side: a call each, or all of a host in one; seconds."""
        scripts = self.scripts(words)
        if is_one_script:
            scripts = {host: ["".join(parts)] for host, parts in scripts.items()}

        def work(host):
            for script in scripts[host]:
                self.shell(host, script)

        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(len(self.hosts)) as pool:
            list(pool.map(work, self.hosts))
        return time.monotonic() - begin

    def edit(self, words):
        """All sites of all hosts change."""
        template = self.tree / "templates/nginx/frontend.conf"
        template.write_text(template.read_text() + f"# {words}\n")
        self.git("commit", "-qam", words)

    def remove(self):
        """Leaves the hosts as they were. A commit can't allow its own deletes: one before it does."""
        settings = self.tree / "desired/stead.yaml"
        settings.write_text("version: 1\npolicy: {maxDeletes: 10000}\n")
        self.git("commit", "-qam", "Allow deletes")
        self.push()
        for folder in ("sites", "cron"):
            shutil.rmtree(self.tree / "desired" / folder)
        self.git("commit", "-qam", "Go")
        self.push()

    def end(self):
        self.controller.terminate()
        self.controller.wait(60)
        self.log.close()


def main():
    seconds = int(sys.argv[5]) if len(sys.argv) > 5 else 60
    bench = Bench(*sys.argv[1:5])
    try:
        bench.push()
        cpu, resident = bench.steady(seconds)
        pushes, calls, scripts = [], [], []
        bench.connect()
        for number in range(3):
            bench.edit(f"edit {number}")
            pushes.append(bench.push())
            calls.append(bench.commands(f"by hand {number}", False))
            scripts.append(bench.commands(f"by hand again {number}", True))
            # Taken back, so that the next push meets what it expects.
            run(bench.stead, "sync", env=bench.environment)
            time.sleep(12)
        bench.disconnect()
        print(f"cpu {cpu:.2f}\nresident {resident:.1f}")
        shown, told, applied = sorted(pushes, key=lambda times: times[-1])[1]
        print(f"push {applied:.3f}\nplan {shown:.3f}\nrun {applied - told:.3f}")
        print(f"calls {sorted(calls)[1]:.3f}\nscript {sorted(scripts)[1]:.3f}")
        print("load " + pathlib.Path("/proc/loadavg").read_text().split()[0], flush=True)
        bench.remove()
    finally:
        bench.end()


if __name__ == "__main__":
    main()
