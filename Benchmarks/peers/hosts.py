"""pyinfra's inventory of the fleet."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fleet import FILES, FLEET, hosts, wanted  # noqa: E402

fleet = [
    (
        name,
        {
            "ssh_hostname": address,
            "ssh_port": port,
            "ssh_user": user,
            "ssh_key": str(FLEET / "id_ed25519"),
            "ssh_known_hosts_file": str(FLEET / "known_hosts"),
            "ssh_strict_host_key_checking": "yes",
            "_sudo": user != "root",
            "files": str(FILES / name),
            **wanted(name),
        },
    )
    for name, address, port, user in hosts()
]
