"""What the peers are told about the fleet: how to reach its hosts, and which files each shall have.

The files are a copy of what Stead has put on the hosts (see snapshot.py), so that everybody is
asked for exactly the same bytes.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLEET = Path(os.environ.get("STEAD_FLEET_OUT", ROOT / "state" / "fleet"))
FILES = Path(os.environ.get("STEAD_BENCH_FILES", ROOT / "state" / "bench" / "hosts"))
AVAILABLE = "/etc/nginx/sites-available"
ENABLED = "/etc/nginx/sites-enabled"
CRON = "/etc/cron.d"


def hosts():
    """Yields name, address, port and user of h1…hN; b1 and o1 take no part."""
    for line in (FLEET / "hosts").read_text().splitlines():
        name, address, port, user, _ = line.split("\t")
        if name.startswith("h"):
            yield name, address, int(port), user


def wanted(name):
    """The paths that host `name` shall have: sites, links to sites (path, target), cron files."""
    def entries(folder):
        return sorted((FILES / name / folder[1:]).iterdir())

    return {
        "sites": [f"{AVAILABLE}/{file.name}" for file in entries(AVAILABLE)],
        "links": [
            {"path": f"{ENABLED}/{link.name}", "target": os.readlink(link)}
            for link in entries(ENABLED)
        ],
        "crons": [f"{CRON}/{file.name}" for file in entries(CRON)],
    }
