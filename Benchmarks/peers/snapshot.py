"""Copies what has been put on the fleet's hosts to FILES/hK/…, for the peers to put there too.

Everything in the three folders counts but what Debian's packages ship.
"""

import shutil
import subprocess
import sys
import tarfile
from io import BytesIO

from fleet import AVAILABLE, CRON, ENABLED, FILES, FLEET, hosts

SHIPPED = ["default", "e2scrub_all", ".placeholder"]


def read(name):
    """The tar archive of host `name`'s files."""
    excluded = " ".join(f"--exclude={file}" for file in SHIPPED)
    folders = " ".join(folder[1:] for folder in (AVAILABLE, ENABLED, CRON))
    command = ["ssh", "-F", FLEET / "ssh_config", name, f"tar -C / {excluded} -cf - {folders}"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def main():
    shutil.rmtree(FILES, ignore_errors=True)
    for name, *_ in hosts():
        with tarfile.open(fileobj=BytesIO(read(name))) as archive:
            archive.extractall(FILES / name, filter="tar")
        count = sum(1 for path in (FILES / name).rglob("*") if not path.is_dir())
        print(f"{name}: {count} files and links", file=sys.stderr)


main()
