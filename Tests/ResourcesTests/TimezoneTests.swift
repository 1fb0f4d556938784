import Foundation
import TestSupport
import Testing

@testable import Resources

/// Zones against what GNU date makes of the same files.
@Suite struct TimezoneTests {
    private static let folder = "/usr/share/zoneinfo"

    /// All names, without those that count leap seconds.
    private static let names: [String] = {
        let all = FileManager.default.enumerator(atPath: folder)
        return (all?.allObjects ?? []).compactMap { $0 as? String }.filter { name in
            guard !name.hasPrefix("right/"), !name.hasPrefix("posix/") else { return false }
            let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
            return bytes.starts(with: Array("TZif".utf8))
        }.sorted()
    }()

    private static func zone(_ name: String) throws -> Timezone {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        return try Timezone(name: name, file: Array(bytes))
    }

    @Test("zones have date's offsets, from 1850 to 2400")
    func offsets() throws {
        try #require(Self.names.count > 300, "tzdata is needed")
        var generator = SplitMix(seed: 9636)
        for name in Self.names.shuffled(using: &generator).prefix(150) {
            let zone = try Self.zone(name)
            var instants = (0..<40).map { _ in
                Int.random(in: -3_786_912_000...13_569_465_600, using: &generator)
            }
            // And all around the moments at which clocks are set.
            for transition in zone.transitions.shuffled(using: &generator).prefix(12) {
                instants += [transition.at - 1, transition.at]
            }
            for transition in zone.transitions(in: 4_000_000_000..<4_040_000_000) {
                instants += [transition.at - 1, transition.at]
            }
            let input = instants.map { "@\($0)\n" }.joined()
            let expected = try Self.date(zone: name, input)
            for (instant, text) in zip(instants, expected) {
                #expect(Self.text(zone.offset(at: instant)) == text, "\(name) at \(instant)")
            }
        }
    }

    private static func date(zone: String, _ input: String) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.path + "/dates-\(UUID().uuidString)"
        try Data(input.utf8).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let result = try Tool.run(
            "/bin/sh", ["-c", "TZ=\"$1\" exec date -f \"$2\" +%::z", "sh", zone, file])
        // A zone without a name for itself is shown as `-00:00`.
        return result.output.split(separator: "\n").map {
            $0 == "-00:00:00" ? "+00:00:00" : String($0)
        }
    }

    private static func text(_ offset: Int) -> String {
        let size = abs(offset)
        let parts = [size / 3600, size / 60 % 60, size % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return (offset < 0 ? "-" : "+") + parts.joined(separator: ":")
    }

    @Test(
        "rules of years to come are read, and nothing else is taken for one",
        arguments: [
            ("UTC0", 0, 0), ("<+0330>-3:30", 12600, 12600),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200),
            ("NZST-12NZDT,M9.5.0,M4.1.0/3", 46800, 43200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3600),
            ("XXX3EDT4,0/0,J365/23", -14400, -14400),
            ("EST5EDT,J60,J300", -18000, -14400),
        ])
    func rules(_ text: String, january: Int, july: Int) throws {
        let rule = try #require(TimezoneRule(text))
        #expect(rule.offset(at: 1_768_478_400) == january)
        #expect(rule.offset(at: 1_784_116_800) == july)
    }

    @Test(
        "what is no rule is refused",
        arguments: [
            "", "C1", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M1.1.1",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1",
            "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x", "<+03-3",
        ])
    func noRules(_ text: String) {
        #expect(TimezoneRule(text) == nil)
    }

    @Test("a file that was cut or changed is refused, or read, and never more than that")
    func hostileFiles() throws {
        let path = "\(Self.folder)/Europe/Zurich"
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for length in 0..<whole.count {
            #expect(throws: TimezoneFileError.self) {
                try Timezone(name: "x", file: Array(whole[..<length]))
            }
        }
        var generator = SplitMix(seed: 4)
        for _ in 0..<800 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let zone = try? Timezone(name: "x", file: bytes) else { continue }
            for instant in [Int(Int32.min), 0, 1_800_000_000, 9_000_000_000] {
                #expect(abs(zone.offset(at: instant)) <= 26 * 3600)
            }
        }
    }

    @Test("instants are shown as the zone's clocks show them")
    func texts() throws {
        let zone = try Self.zone("Europe/Zurich")
        #expect(zone.text(1_774_746_000) == "Sun 2026-03-29 03:00")
        #expect(zone.text(1_774_745_999) == "Sun 2026-03-29 01:59")
        #expect(Timezone.utc.text(-1) == "Wed 1969-12-31 23:59")
    }
}
