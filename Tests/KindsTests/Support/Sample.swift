import Resources
import Testing

/// A resource to put through the conformance suite, and what it becomes after an edit.
struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    var facts = HostFacts.debian
    let yaml: String
    /// The same resource, edited.
    let edited: String
    var templates = ["nginx/site": "server { server_name {{serverNames}}; }\n"]

    var testDescription: String { name }

    func resource() throws -> any Resource { try load(yaml) }
    func editedResource() throws -> any Resource { try load(edited) }

    private func load(_ yaml: String) throws -> any Resource {
        let tree = SampleTree(yaml, templates: templates)
        try #require(tree.findings.isEmpty, "\(tree.report)")
        return try #require(tree.resources.first { $0.kind != "Server" })
    }
}

extension Sample {
    /// Every kind in each of its forms, and values that a shell would take amiss.
    static let all = files + sites + jobs

    private static let files = [
        Sample(
            name: "a file",
            yaml: file("path: /etc/motd", "content: |\n  Welcome.\nafter: [touch, /run/after]"),
            edited: file("path: /etc/motd", "content: Goodbye.\nmode: \"0600\"")),
        Sample(
            name: "an empty file in folders that are not there",
            yaml: file("path: /srv/a/b/c", "content: \"\""),
            edited: file("path: /srv/a/b/c", "content: \"\\x01 no line break\"")),
        Sample(
            name: "a file of hostile text",
            yaml: file(
                #"path: "/srv/a b/$(touch x)`id`'\"\\\\ %-é\u0301/-rf *""#,
                #"content: "$(id) `id` 'x' \"y\" \\ %s %% \u0301 é -n\n\t."\#n"#
                    + #"after: [touch, "/run/$(id)'\"`id` é"]"#),
            edited: file(
                #"path: "/srv/a b/$(touch x)`id`'\"\\\\ %-é\u0301/-rf *""#, "content: x\n")),
    ]

    private static let sites = [
        Sample(
            name: "a site", yaml: site("domain: shop.example.com"),
            edited: site("domain: shop.example.com\naliases: [www.shop.example.com]")),
        Sample(
            name: "a site that is switched off", facts: .alpine,
            yaml: site("domain: shop.example.com"),
            edited: site("domain: shop.example.com\nenabled: false")),
        Sample(
            name: "a site as it stands",
            yaml: plainSite("content: \"server { listen 80; }\"\nfile: sites-available/shop"),
            edited: plainSite("content: \"server {\\r\\n}\"\nfile: sites-available/shop")),
        Sample(
            name: "a site in a folder that nginx reads whole", facts: .alpine,
            yaml: plainSite("content: \"server {}\"\nfile: \"http.d/$(id) '.conf\""),
            edited: plainSite("content: \"server {}\\n\"\nfile: \"http.d/$(id) '.conf\"")),
    ]

    private static let jobs = [
        Sample(
            name: "a job in /etc/cron.d", yaml: job("command: [/bin/true]"),
            edited: job("command: [/bin/true, -x]\nuser: daemon")),
        Sample(
            name: "a job in a crontab", facts: .alpine, yaml: job("command: [/bin/true]"),
            edited: job(#"command: [/bin/true, "50% $(id) '\\' \" é"]"#)),
        Sample(
            name: "a job with variables",
            yaml: job("command: [/bin/true]\nenvironment: {PATH: /a:/b, MAILTO: \"\"}"),
            edited: job(
                "command: [/bin/true]\n" + #"environment: {TEXT: "50% of $HOME \\ \" 'x"}"#)),
        Sample(
            name: "a job with variables in a crontab", facts: .alpine,
            yaml: job("command: [/bin/true]\nenvironment: {A: b}"),
            edited: job("command: [/bin/true]\nenvironment: {A: \"b c\"}")),
        Sample(
            name: "a job of systemd", yaml: job("command: [/bin/true]\nscheduler: systemd"),
            edited: job("command: [/bin/false]\nscheduler: systemd\ntimezone: Europe/Paris")),
        Sample(
            name: "a job that goes from cron to systemd", yaml: job("command: [/bin/true]"),
            edited: job("command: [/bin/true]\nscheduler: systemd")),
        Sample(
            name: "a job that goes from systemd to cron",
            yaml: job("command: [/bin/true]\nscheduler: systemd"),
            edited: job("command: [/bin/true]")),
    ]

    private static func file(_ path: String, _ rest: String) -> String {
        "kind: File\nname: sample\nserver: web-1\n\(path)\n\(rest)\n"
    }

    private static func site(_ rest: String) -> String {
        "kind: NginxSite\nname: sample\nserver: web-1\ntemplate: site\n\(rest)\n"
    }

    private static func plainSite(_ rest: String) -> String {
        "kind: NginxSite\nname: sample\nserver: web-1\n\(rest)\n"
    }

    private static func job(_ rest: String) -> String {
        "kind: CronJob\nname: sample\nserver: web-1\nschedule: \"5 4 * * *\"\n\(rest)\n"
    }
}
