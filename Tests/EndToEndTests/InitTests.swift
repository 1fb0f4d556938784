import TestSupport
import Testing

@Suite struct InitTests {
    @Test("a host that no server can have is refused, and nothing is written")
    func host() throws {
        let scratch = try Scratch()
        let stead = SteadProcess(folder: scratch.root)
        for host in ["a b", "a: b", "-x"] {
            let result = try stead.run(["init", "z", "--host=\(host)"])
            #expect(result.status == 64, "\(result)")
            #expect(result.everything.contains("must be a host name"), "\(result)")
        }
        let result = try stead.run(["init", "z", "--host", "web.example.com"])
        #expect(result.status == 0, "\(result)")
        #expect(try stead.run(["validate", "--repo", "z"]).status == 0)
    }
}
