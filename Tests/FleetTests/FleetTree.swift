import Foundation
import TestSupport

/// A desired tree for hosts of the fleet, with a state of its own. Names begin with the test's own
/// word, so that tests side by side never share a file on a host.
final class FleetTree: Sendable {
    let scratch: Scratch
    let stead: SteadProcess
    let fleet: Fleet
    let word: String

    init(_ word: String, hosts: [String]) throws {
        self.word = word
        fleet = try Fleet.up()
        scratch = try Scratch()
        stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
        try scratch.write("repo/desired/stead.yaml", "version: 1\npolicy: {maxDeletes: 100}\n")
        for name in hosts {
            let host = try fleet.host(name)
            try scratch.write(
                "repo/desired/servers/\(name).yaml",
                host.document(identityFile: fleet.identityFile))
        }
        try scratch.write(
            "repo/templates/nginx/static.conf",
            """
            server {
                listen 80;
                server_name {{serverNames}};
                return 200 "{{words}}\\n";
            }

            """)
    }

    func document(_ name: String, _ text: String) throws {
        try scratch.write("repo/desired/\(name).yaml", text)
    }

    func site(_ name: String, on host: String, words: String) throws {
        try document(
            "site-\(host)-\(name)",
            """
            kind: NginxSite
            name: \(word)-\(name)-\(host)
            server: \(host)
            domain: \(name).\(word).example.com
            template: static
            variables: {words: "\(words)"}
            """)
    }

    func file(_ name: String, on host: String, content: String, extra: String = "") throws {
        try document(
            "file-\(host)-\(name)",
            """
            kind: File
            name: \(word)-\(name)-\(host)
            server: \(host)
            path: /srv/\(word)/\(name)
            content: "\(content)\\n"
            \(extra)
            """)
    }

    func job(_ name: String, on host: String, extra: String = "") throws {
        try document(
            "job-\(host)-\(name)",
            """
            kind: CronJob
            name: \(word)-\(name)-\(host)
            server: \(host)
            schedule: "0 3 * * *"
            user: root
            command: [/bin/echo, "100% $HOME it's", "\(name)"]
            \(extra)
            """)
    }

    /// Takes back everything this test may have left on a host, by an earlier run too.
    func clear(_ host: String) throws {
        try fleet.exec(
            host,
            """
            sudo=; [ "$(id -u)" = 0 ] || sudo='sudo -n'
            $sudo sh -c 'rm -rf /srv/\(word) /etc/nginx/.stead-undo \
            /etc/nginx/sites-available/\(word)-* /etc/nginx/sites-enabled/\(word)-* \
            /etc/cron.d/\(word)-*'
            """)
    }

    func plan(_ arguments: String...) throws -> SteadProcess.Result {
        try stead.run(["plan", "--repo", "repo"] + arguments)
    }

    func apply(_ arguments: String..., dieAt: Int = 0) throws -> SteadProcess.Result {
        var stead = stead
        if dieAt > 0 { stead.environment["STEAD_DIE_AT"] = String(dieAt) }
        return try stead.run(["apply", "--repo", "repo", "--yes"] + arguments)
    }

    /// Whether a site on a host comes to answer `words`, asked over the network. nginx lets old
    /// Whether a site on a host answers so now: a run is over when its reload is.
    func answers(_ words: String, _ name: String, on host: String) throws -> Bool {
        try answer(name, from: host) == words + "\n"
    }

    private func answer(_ name: String, from host: String) throws -> String {
        let result = try Tool.run(
            "/usr/bin/curl",
            [
                "-sS", "--max-time", "5", "-H", "Host: \(name).\(word).example.com",
                "http://\(try fleet.host(host).address)/",
            ])
        return result.output
    }
}
