"""The desired state of the soak, and what it must have become on the hosts. Knows nothing of Stead
but what its manual says."""

import shutil
import subprocess

SERVER = """kind: Server
name: {name}
host: {address}
port: {port}
user: {user}
{become}identityFile: {identity}
hostKey: {key}
connectTimeout: 5s
commandTimeout: 20s
"""
SITE = """server {
    listen 80;
    server_name {{serverNames}};
    return 200 "{{words}}\\n";
}
"""
CRON_HEAD = """# Written by Stead for cron-job/{name}: changes made here are undone.
SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
"""


class Resource:
    """One document: what it says, and what must lie at its paths."""

    def __init__(self, sort, host, number):
        self.sort, self.host, self.number = sort, host, number
        self.name = f"soak-{sort}-{host.name}-{number}"
        self.value = None

    @property
    def address(self):
        kind = {"site": "nginx-site", "job": "cron-job"}.get(self.sort, "file")
        return f"{kind}/{self.name}"

    @property
    def path(self):
        return {
            "site": f"/etc/nginx/sites-available/{self.name}.conf",
            "job": f"/etc/cron.d/{self.name}",
            "disk": f"/srv/soak-disk/{self.number}",
            "keep": f"/srv/{self.number}/keep",
        }.get(self.sort, f"/srv/soak/{self.sort}-{self.number}")

    @property
    def domain(self):
        return f"{self.name}.example.com"

    @property
    def log(self):
        """Where a counted file's command writes each of its runs."""
        return f"{self.path}.log"

    def document(self):
        head = f"name: {self.name}\nserver: {self.host.name}\n"
        if self.sort == "site":
            return (f"kind: NginxSite\n{head}domain: {self.domain}\ntemplate: soak\n"
                    f"variables: {{words: {self.value}}}\n")
        if self.sort == "job":
            return (f"kind: CronJob\n{head}schedule: \"0 0 1 1 *\"\nuser: root\n"
                    f"command: [/bin/echo, {self.value}]\n")
        text = f"kind: File\n{head}path: {self.path}\ncontent: \"{self.content()}\"\n"
        if self.sort == "count":
            # It takes a moment, in which it can be cut off.
            text += f"after: [sh, -c, 'echo {self.value} >>{self.log}; sleep 0.3']\n"
        return text

    def content(self):
        # On the small disk a file takes some room.
        return self.value * (2000 if self.sort == "disk" else 1)

    def expected(self):
        if self.sort == "site":
            return SITE.replace("{{serverNames}}", self.domain).replace("{{words}}", self.value)
        if self.sort == "job":
            return CRON_HEAD.format(name=self.name) + f"0 0 1 1 * root /bin/echo {self.value}\n"
        return self.content()


class Tree:
    """A clone, and the bare repository that the controller follows."""

    def __init__(self, work, hosts, identity, settings):
        self.folder, self.bare = work / "tree", work / "tree.git"
        self.hosts, self.identity = hosts, identity
        self.resources, self.gone = {}, {}
        self.version = 0
        self.git("init", "-q", "--bare", "-b", "main", self.bare, folder=work)
        self.git("clone", "-q", self.bare, self.folder, folder=work)
        self.git("checkout", "-q", "-B", "main")
        self.write("desired/stead.yaml", settings)
        self.write("templates/nginx/soak.conf", SITE)
        for host in hosts:
            self.write_server(host)

    def git(self, *words, folder=None):
        base = ["git", "-c", "user.name=soak", "-c", "user.email=soak@localhost"]
        done = subprocess.run(
            base + [str(word) for word in words], cwd=folder or self.folder, check=False,
            capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"git {words}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def write_server(self, host):
        self.write(f"desired/servers/{host.name}.yaml", SERVER.format(
            name=host.name, address=host.address, port=host.port, user=host.user, key=host.key,
            become="" if host.user == "root" else "become: sudo\n", identity=self.identity))

    def set(self, resource):
        """Gives a resource its next version."""
        self.version += 1
        resource.value = f"v{self.version}"
        self.resources[resource.address] = resource
        self.gone.pop(resource.address, None)
        self.write(f"desired/{resource.name}.yaml", resource.document())

    def remove(self, resource):
        del self.resources[resource.address]
        self.gone[resource.address] = resource
        (self.folder / f"desired/{resource.name}.yaml").unlink()

    def push(self, message):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        self.git("push", "-q", "origin", "HEAD:main")

    @property
    def head(self):
        return self.git("rev-parse", "HEAD")

    def lose(self):
        """The tree without anything in it."""
        shutil.rmtree(self.folder / "desired")
