import Foundation
import TestSupport
import Testing

/// What Prometheus is told, and what it is to make of it.
@Suite struct MetricsTests {
    @Test("the page is what Prometheus reads, and says what happened")
    func page() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let port = try LoopbackListener().port
        let controller = try tree.start(extra: ["--listen", "127.0.0.1:\(port)"])
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        let url = "http://127.0.0.1:\(port)"
        #expect(try tree.scratch.shell("curl -sf \(url)/healthz") == "ok\n")
        #expect(try tree.scratch.shell("curl -sf \(url)/readyz") == "ready\n")
        let page = try tree.scratch.shell("curl -sf \(url)/metrics | tee metrics.txt")
        #expect(
            page.contains(
                #"stead_controller_changes_total{kind="file",server="here",result="success"} 1"#),
            "\(page)")
        #expect(page.contains("stead_controller_servers_reached 1"))
        #expect(page.contains(#"stead_controller_events_total{event="applied"} 1"#))
        try tree.scratch.shell("promtool check metrics <metrics.txt")
    }

    @Test("the alerts are rules, and speak of metrics that there are")
    func alerts() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../deploy").standardized.path
        let result = try Tool.shell("promtool check rules '\(folder)/prometheus/alerts.yml'")
        #expect(result.contains("SUCCESS"))
        let source = try String(
            contentsOfFile: "\(folder)/../Sources/Control/ControllerMetrics.swift", encoding: .utf8)
        for file in ["prometheus/alerts.yml", "grafana/controller.json"] {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            for match in text.matches(of: /stead_[a-z_]+/) {
                let name = match.output.replacing(/_(bucket|sum|count)$/, with: "")
                #expect(source.contains("\"\(name)\""), "\(name)")
            }
        }
    }
}
