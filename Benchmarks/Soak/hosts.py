"""The hosts of the fleet, worked on past ssh and past Stead."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HOME = pathlib.Path(os.environ["STEAD_FLEET_HOME"])
OUT = pathlib.Path(os.environ["STEAD_FLEET_OUT"])
LXD = {**os.environ, "LXD_DIR": f"{HOME}/lxd", "LXD_CONF": f"{HOME}/client"}

# What runs on each host from the beginning: writes down every path that was there and is not.
# A path is looked at five times a second.
WATCH = """
echo $$ >/run/soak-watch.pid
while :; do
    for path in "$@"; do
        mark=/run/soak-seen/$(echo "$path" | tr / _)
        if [ -e "$path" ]; then
            [ -e "$mark" ] || : >"$mark"
        elif [ -e "$mark" ]; then
            echo "$path" >>/run/soak-absent
        fi
    done
    sleep 0.2
done
"""

# Neighbours: nobody declares them, and nobody may touch them.
NEIGHBOURS = {
    "/srv/soak/neighbour": "a neighbour\n",
    "/etc/cron.d/soak-neighbour": "0 0 1 1 * root /bin/true\n",
    "/etc/nginx/sites-available/soak-neighbour.conf":
        'server { listen 80; server_name neighbour.soak; return 200 "neighbour"; }\n',
}
LINK = "/etc/nginx/sites-enabled/soak-neighbour.conf"
# Declared from the beginning to the end, so never absent.
SENTINELS = ["/srv/soak/keep", "/srv/soak-disk/keep"]


def command(words, **options):
    """Runs a program; raises with what it said when it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def fleet(*words):
    return command([ROOT / "scripts/fleet", *words])


class Host:
    def __init__(self, line):
        self.name, self.address, self.port, self.user, self.key = line.split("\t")

    def run(self, script, *words, check=True):
        """Runs a script as root; a host that is gone, or frozen, fails."""
        done = subprocess.run(
            ["lxc", "exec", self.name, "--", "sh", "-c", script, "sh", *words],
            capture_output=True, text=True, check=False, env=LXD, stdin=subprocess.DEVNULL,
            timeout=60)
        if check and done.returncode != 0:
            raise RuntimeError(f"{self.name}: {script}\n{done.stdout}{done.stderr}")
        return done.stdout

    def network(self, *words, check=True):
        """Runs one of this machine's programs in the host's network, which is its own."""
        pid = command(["lxc", "list", f"^{self.name}$", "--format", "csv", "-c", "p"], env=LXD)
        return subprocess.run(
            ["nsenter", "-t", pid.strip(), "-n", *words],
            capture_output=True, text=True, check=check).returncode

    def prepare(self):
        """Neighbours, a small disk, and the watcher."""
        self.clear()
        self.run("""mkdir -p /srv/soak /srv/soak-disk /run/soak-seen
            mount -t tmpfs -o size=512k tmpfs /srv/soak-disk""")
        for path, text in NEIGHBOURS.items():
            self.run('printf %s "$2" >"$1"', path, text)
        self.run('ln -s ../sites-available/soak-neighbour.conf "$1"; systemctl reload nginx', LINK)
        paths = [*NEIGHBOURS, LINK, *SENTINELS]
        self.run(f'setsid sh -c "$1" sh {" ".join(paths)} </dev/null >/dev/null 2>&1 &', WATCH)

    def clear(self):
        self.run("""
            [ ! -e /run/soak-watch.pid ] || kill "$(cat /run/soak-watch.pid)" 2>/dev/null
            umount -l /srv/soak-disk 2>/dev/null
            rm -rf /run/soak-* /srv/soak /srv/soak-disk /etc/cron.d/soak-* /etc/nginx/.stead-undo \
                /etc/nginx/sites-*/soak-*
            systemctl reset-failed; systemctl start ssh nginx; systemctl reload nginx; :""")

    def replace(self):
        """Another host with the same address, and a key of its own."""
        fleet("replace", self.name)
        text = (OUT / "hosts").read_text()
        self.key = next(Host(line).key for line in text.splitlines()
                        if line.split("\t")[0] == self.name)


def all_hosts(count):
    lines = (OUT / "hosts").read_text().splitlines()
    found = [Host(line) for line in lines if line.startswith("h")]
    if len(found) < count:
        raise SystemExit(f"soak: the fleet has {len(found)} hosts, {count} are needed")
    return found[:count]
