import Planning
import Resources
import Testing

@Suite("Which changes are guarded")
struct GuardingTests {
    private static let note =
        "guarded: undone by the host unless a new connection confirms within 60s"

    private static func file(at path: String, isGuarded: Bool? = nil) throws -> FakeFile {
        var file = try FakeFile("file/a", "A\n")
        file.claims = [Claim(.path, path, field: "path")]
        file.isGuarded = isGuarded
        return file
    }

    private static func input(
        _ file: FakeFile, _ transport: ServerSpec.Transport = .ssh
    ) -> PlanInput {
        var server = ServerSpec()
        server.transport = transport
        var input = PlanInput.sample([file])
        input.guarding = Guarding(Settings.Guard(), servers: ["in3": server])
        input.seeNothing(of: [file])
        return input
    }

    private static func note(on file: FakeFile, _ transport: ServerSpec.Transport = .ssh)
        -> String?
    {
        Planner.plan(input(file, transport)).changes.first?.note
    }

    @Test(
        "what signing in depends on",
        arguments: [
            "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/10-a.conf", "/etc/sudoers",
            "/etc/sudoers.d/deploy", "/etc/nftables.conf", "/etc/iptables/rules.v4",
            "/etc/ufw/user.rules", "/etc/network/interfaces", "/etc/netplan/01.yaml",
            "/etc/systemd/network/10-lan.network", "/etc/hosts.deny", "/etc/pam.d/sshd",
            "/etc/passwd", "/root/.ssh/authorized_keys", "/home/deploy/.ssh/authorized_keys",
            "/etc/systemd/system/ssh.service.d/override.conf",
        ])
    func access(path: String) throws {
        #expect(try Self.note(on: Self.file(at: path)) == Self.note)
        #expect(try Self.note(on: Self.file(at: path, isGuarded: false)) == nil)
        #expect(try Self.note(on: Self.file(at: path), .local) == nil)
    }

    @Test(
        "what it does not depend on, unless the document says so",
        arguments: ["/etc/motd", "/etc/sshd", "/etc/sudoersd/x", "/srv/etc/ssh/x", "/etc/hosts"])
    func others(path: String) throws {
        #expect(try Self.note(on: Self.file(at: path)) == nil)
        #expect(try Self.note(on: Self.file(at: path, isGuarded: true)) == Self.note)
        #expect(try Self.note(on: Self.file(at: path, isGuarded: true), .local) == nil)
    }

    @Test("a removal is as guarded as a write")
    func removal() throws {
        let file = try Self.file(at: "/etc/ssh/sshd_config")
        var input = Self.input(file)
        input.resources = []
        input.remove([file])
        #expect(Planner.plan(input).changes.map(\.note) == [Self.note])
    }
}
