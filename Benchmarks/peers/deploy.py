"""The same sites, links and cron files that Stead has put on the hosts, for pyinfra."""

from pyinfra import host
from pyinfra.operations import files, systemd

root = {"user": "root", "group": "root", "mode": "644"}
changes = []

for path in host.data.sites:
    changes.append(files.put(src=host.data.files + path, dest=path, **root))
for link in host.data.links:
    changes.append(files.link(path=link["path"], target=link["target"]))
for path in host.data.crons:
    files.put(src=host.data.files + path, dest=path, **root)

systemd.service(
    service="nginx",
    reloaded=True,
    _if=lambda: any(change.did_change() for change in changes),
)
