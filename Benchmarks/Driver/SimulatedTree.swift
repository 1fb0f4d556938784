import FoundationEssentials

/// Desired state of hosts that only a transport plays.
struct SimulatedTree {
    let hosts: Int
    /// How many files each of them has.
    let files: Int

    func write(to folder: String, settings: String = "") throws {
        let desired = folder + "/desired"
        try FileManager.default.createDirectory(atPath: desired, withIntermediateDirectories: true)
        try Data("version: 1\n\(settings)".utf8)
            .write(to: URL(filePath: desired + "/stead.yaml"))
        for host in 1...hosts {
            var text = "kind: Server\nname: h\(host)\nhost: h\(host).invalid\n"
            for file in 1...files {
                text += """
                    ---
                    kind: File
                    name: f-\(host)-\(file)
                    server: h\(host)
                    path: /srv/f\(file)
                    content: "content of file \(file) on host \(host)"

                    """
            }
            try Data(text.utf8).write(to: URL(filePath: "\(desired)/h\(host).yaml"))
        }
    }
}
