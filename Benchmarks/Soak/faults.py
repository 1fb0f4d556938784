"""The faults. Each is a function of the soak, a host, and how long it lasts; it leaves nothing
behind but what a real one would."""

import signal
import time

from hosts import fleet


def kill_controller(soak, _, seconds):
    """Three times, each while it is likely to be at work on what has just been pushed."""
    for number in range(3):
        with soak.pushing:
            counted = [r for r in soak.tree.resources.values() if r.sort == "count"]
            for resource in counted:
                soak.tree.set(resource)
            soak.tree.push("Count")
        time.sleep(0.4 + seconds / 6 * (number + 1))
        soak.controller.delay = seconds / 6
        soak.controller.signal(signal.SIGKILL)
        time.sleep(seconds / 3)


def stop_controller(soak, _, seconds):
    """It sleeps, and goes on as if nothing had been."""
    soak.controller.signal(signal.SIGSTOP)
    time.sleep(seconds)
    soak.controller.signal(signal.SIGCONT)


def kill_sshd(_, host, seconds):
    """All of it, with the sessions; systemd starts it again, unless it is killed too often."""
    for _ in range(2):
        host.run("systemctl kill --signal=KILL --kill-who=all ssh", check=False)
        time.sleep(seconds / 2)
    host.run("systemctl reset-failed ssh; systemctl start ssh")


def kill_nginx(_, host, seconds):
    """A person starts it again, if Stead has not, and if its configuration isn't broken too."""
    host.run("systemctl kill --signal=KILL --kill-who=all nginx", check=False)
    time.sleep(seconds)
    host.run("systemctl reset-failed nginx; systemctl start nginx", check=False)


def drop_packets(soak, host, seconds):
    """Every third packet, in both directions, where the kernel has netem; else by netfilter."""
    try:
        if soak.has_netem:
            host.network("tc", "qdisc", "add", "dev", "eth0", "root", "netem", "loss", "33%")
            time.sleep(seconds)
            return
        for chain in ("INPUT", "OUTPUT"):
            host.network("iptables", "-w", "-A", chain, "-m", "statistic", "--mode", "random",
                         "--probability", "0.33", "-j", "DROP")
        time.sleep(seconds)
    finally:
        host.network("tc", "qdisc", "del", "dev", "eth0", "root", check=False)
        host.network("iptables", "-w", "-F", check=False)


def delay_packets(soak, host, seconds):
    """What the host sends comes late: by netem; else it queues before a link of 24 kbit/s."""
    kind = (["netem", "delay", "400ms", "200ms"] if soak.has_netem
            else ["tbf", "rate", "24kbit", "burst", "1600", "latency", "5s"])
    try:
        host.network("tc", "qdisc", "add", "dev", "eth0", "root", *kind)
        time.sleep(seconds)
    finally:
        host.network("tc", "qdisc", "del", "dev", "eth0", "root", check=False)


def unplug(_, host, seconds):
    """No packet comes through, and nobody is told."""
    try:
        host.network("iptables", "-w", "-A", "INPUT", "-j", "DROP")
        time.sleep(seconds)
    finally:
        host.network("iptables", "-w", "-F", check=False)


def freeze_host(_, host, seconds):
    try:
        fleet("freeze", host.name)
        time.sleep(seconds)
    finally:
        fleet("thaw", host.name)


def fill_disk(_, host, seconds):
    """The small disk that some of the files lie on."""
    try:
        host.run("cat /dev/zero >/srv/soak-disk/.filler 2>/dev/null; :")
        time.sleep(seconds)
    finally:
        host.run("rm -f /srv/soak-disk/.filler")


def fill_state(soak, _, seconds):
    """The disk that the state lies on."""
    filler = soak.state / "filler"
    try:
        with open(filler, "wb") as file:
            while True:
                file.write(bytes(4096))
                file.flush()
    except OSError:
        time.sleep(seconds)
    finally:
        filler.unlink()


def jump_clock(soak, _, seconds):
    for offset in soak.random_jumps():
        soak.clock.jump(offset)
        time.sleep(seconds / 3)
    soak.clock.jump(0)


def rewrite_branch(soak, _, seconds):
    """By a branch that has no past, and declares next to nothing."""
    with soak.pushing:
        tree = soak.tree
        tree.git("checkout", "-q", "--orphan", "other")
        tree.git("rm", "-rqf", "desired")
        tree.write("desired/stead.yaml", "version: 1\n")
        for host in tree.hosts:
            tree.write_server(host)
        tree.git("add", "-A")
        tree.git("commit", "-q", "-m", "Another past")
        tree.git("push", "-qf", "origin", "other:main")
        time.sleep(seconds)
        soak.expect_source("rewritten")
        tree.git("checkout", "-qf", "main")
        tree.git("branch", "-qD", "other")
        tree.git("push", "-qf", "origin", "main:main")


def delete_branch(soak, _, seconds):
    with soak.pushing:
        tree = soak.tree
        tree.git("update-ref", "-d", "refs/heads/main", folder=tree.bare)
        time.sleep(seconds)
        soak.expect_source("no commits yet", "no branch")
        tree.git("push", "-q", "origin", "main:main")


def empty_tree(soak, _, seconds):
    with soak.pushing:
        tree = soak.tree
        tree.lose()
        tree.push("Lose everything")
        time.sleep(seconds)
        soak.expect_source("no desired state")
        tree.git("revert", "--no-edit", "HEAD")
        tree.git("push", "-q", "origin", "main:main")


def break_tree(soak, _, seconds):
    with soak.pushing:
        tree = soak.tree
        tree.write("desired/broken.yaml", "kind: File\nnmae: broken\n")
        tree.push("Break the tree")
        time.sleep(seconds)
        soak.expect_source("broken.yaml")
        tree.git("revert", "--no-edit", "HEAD")
        tree.git("push", "-q", "origin", "main:main")


def replace_host(soak, host, seconds):
    """Another machine at the same address. Nothing is done there until a person has pinned its
    key: a commit."""
    told = soak.messages.count("hostKey", f"server/{host.name}")
    host.replace()
    soak.wait(f"word of the new key of {host.name}", lambda: soak.messages.count(
        "hostKey", f"server/{host.name}") > told, within=90)
    time.sleep(seconds / 2)
    if host.run("ls /srv/soak/keep /var/lib/stead 2>/dev/null; :"):
        soak.fail(f"{host.name} has another key, and was worked on all the same")
    host.prepare()
    with soak.pushing:
        soak.tree.write_server(host)
        soak.tree.push(f"Pin the new key of {host.name}")


# What a fault is about: two at once never meet there. `host` is any host, `last` the one that
# holds nothing which counts.
FAULTS = {
    "kill -9 controller": ("controller", kill_controller),
    "stop controller": ("controller", stop_controller),
    "kill -9 sshd": ("host", kill_sshd),
    "kill -9 nginx": ("host", kill_nginx),
    "drop packets": ("host", drop_packets),
    "delay packets": ("host", delay_packets),
    "unplug": ("host", unplug),
    "freeze host": ("host", freeze_host),
    "full disk on a host": ("host", fill_disk),
    "full disk of the state": ("controller", fill_state),
    "clock jumps": ("clock", jump_clock),
    "force-push": ("git", rewrite_branch),
    "deleted branch": ("git", delete_branch),
    "empty tree": ("git", empty_tree),
    "broken tree": ("git", break_tree),
    "host with another key": ("last", replace_host),
}
