import Glibc

/// A real git server over TLS: `git http-backend` behind a certificate of an authority of its own.
package final class GitHTTPSServer: Sendable {
    /// Up to the folders of the repositories: `https://localhost:12345`.
    package let address: String
    /// The authority's certificate, as a path.
    package let authority: String
    private let process: BackgroundProcess

    /// Starts it and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - scratch: whose folder holds the repositories; certificates are put there.
    ///   - token: the password that it asks for; nil when anybody may read.
    /// - Throws: when it can't be started.
    package init(in scratch: Scratch, token: String? = nil) throws {
        let port = try TestSSHServer.freePort()
        address = "https://localhost:\(port)"
        authority = scratch.path("git-ca.pem")
        try scratch.shell(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
                -subj /CN=git-tests -keyout git-ca.key -out git-ca.pem
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
                -keyout git.key -out git.csr
            printf 'subjectAltName=DNS:localhost' >git.ext
            openssl x509 -req -in git.csr -CA git-ca.pem -CAkey git-ca.key -CAcreateserial \
                -days 2 -extfile git.ext -out git.pem
            """)
        try scratch.write("git-https.py", Self.script)
        process = try BackgroundProcess(
            ["/usr/bin/python3", scratch.path("git-https.py"), scratch.root, "\(port)"]
                + (token.map { [$0] } ?? []))
        guard eventually({ scratch.exists("git-https.ready") }) else {
            throw BackgroundProcess.Failed(program: "git-https.py")
        }
    }

    /// Ends it.
    package func end() { process.end() }

    /// Passes requests on to git's own program.
    ///
    /// Source: git-http-backend(1); RFC 3875.
    private static let script = #"""
        import base64, http.server, os, ssl, subprocess, sys, urllib.parse

        root, port, *token = sys.argv[1:]


        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words):
                pass

            def do_GET(self):
                expected = "Basic " + base64.b64encode(
                    f"git:{token[0]}".encode()).decode() if token else None
                if expected and self.headers.get("Authorization") != expected:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                url = urllib.parse.urlsplit(self.path)
                if url.path.startswith("/moved/"):
                    self.send_response(301)
                    self.send_header("Location", self.path.replace("/moved/", "/", 1))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = subprocess.run(
                    ["git", "-c", "safe.directory=*", "http-backend"], input=body,
                    stdout=subprocess.PIPE, env={
                        **os.environ, "GIT_PROJECT_ROOT": root, "GIT_HTTP_EXPORT_ALL": "1",
                        "PATH_INFO": urllib.parse.unquote(url.path),
                        "QUERY_STRING": url.query, "REQUEST_METHOD": self.command,
                        "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                        "CONTENT_LENGTH": str(len(body)),
                        "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    }).stdout
                head, _, rest = answer.partition(b"\r\n\r\n")
                fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
                self.send_response(int(fields.pop("Status", "200").split()[0]))
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)

            do_POST = do_GET


        server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{root}/git.pem", f"{root}/git.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        open(f"{root}/git-https.ready", "w").close()
        server.serve_forever()
        """#
}
