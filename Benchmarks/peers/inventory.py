#!/usr/bin/env python3
"""Ansible's inventory of the fleet: a program that prints JSON, called with --list."""

import json

from fleet import FILES, FLEET, hosts, wanted


def variables(name, address, port, user):
    return {
        "ansible_host": address,
        "ansible_port": port,
        "ansible_user": user,
        "ansible_become": user != "root",
        "ansible_ssh_private_key_file": str(FLEET / "id_ed25519"),
        # Saves looking for an interpreter on every host.
        "ansible_python_interpreter": "/usr/bin/python3",
        "files": str(FILES / name),
        **wanted(name),
    }


inventory = {host[0]: variables(*host) for host in hosts()}
print(json.dumps({"_meta": {"hostvars": inventory}, "all": {"hosts": list(inventory)}}))
