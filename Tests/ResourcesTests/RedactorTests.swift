import Resources
import Testing

@Suite("The redactor")
struct RedactorTests {
    @Test(
        "leaves alone what is no secret",
        arguments: [
            "", "listen 80;", "server_tokens off;", "ssl_password_file /etc/keys/pass;",
            "proxy_pass http://127.0.0.1:3000;", "proxy_pass http://10.0.0.1:80/x@2x.png;",
            "proxy_set_header Authorization $http_authorization;", "map $http_token $backend {",
            "PasswordAuthentication no", "cat /etc/passwd | wc -l",
            "deploy ALL=(ALL) NOPASSWD: ALL",
            "the password must be long", "a token of thanks", "tokenTTL: 24h", "location /token {",
            "# Passwords are kept elsewhere.", "ssh://git@example.com/x.git", "rewrite ^ /$1$2;",
            "ssl_certificate_key /etc/ssl/x.key;", "sha256: 0123456789abcdef", "password: \"\"",
            "passwordFile: /etc/stead/db", "http://[::1]:80/", "auth_basic \"Members only\";",
            "mysql -p -u app", "mysqldump -p\"$PASS\" shop", "cp -p mysql/a b", "curl -u $WHO x",
            "mkdir -pv /var/lib/mysql", "docker run -u 33:33 x", "curl -u me https://a.example",
            "mysql shop | ssh -p 22 h", "see /etc/mysql and -p", "install -p curl-8 x",
            "get-token | head -1", "limit_conn_zone $binary_remote_addr zone=a:10m;",
        ])
    func harmless(_ line: String) {
        #expect(Redactor.redacted(line) == line)
    }

    @Test(
        "hides a value and keeps what stands round it",
        arguments: [
            ("password: x", "password: «redacted»"),
            ("  PASSWORD = 'x y' # why", "  PASSWORD = '«redacted»' # why"),
            (#"{"token": "a\"b", "user": "c"}"#, #"{"token": "«redacted»", "user": "c"}"#),
            ("password=\"a\"b", "password=\"«redacted»"),
            ("password=#x1", "password=«redacted»"),
            ("mysql --password=a -h b", "mysql --password=«redacted»"),
            ("redis://:x@h:6379/0", "redis://:«redacted»@h:6379/0"),
            ("postgres://u:a/b@h/d", "postgres://u:«redacted»@h/d"),
            (
                "see http://u:p@h/ and http://v:q@h/",
                "see http://u:«redacted»@h/ and http://v:«redacted»@h/"
            ),
            ("web:$apr1$abcdefgh$0123456789", "web:$apr1$«redacted»"),
            ("root:$6$salt$hashhashhash:19000:0", "root:$6$«redacted»:19000:0"),
            ("x:{SSHA}0123456789abcdef=", "x:{SSHA}«redacted»"),
            ("key AKIAIOSFODNN7EXAMPLE end", "key «redacted» end"),
            ("u ghp_0123456789abcdefghij0123", "u «redacted»"),
            ("X: bearer abc123def", "X: bearer «redacted»"),
            ("passwörter: x; password: ü\r", "passwörter: x; password: «redacted»\r"),
            ("the password for x is: hunter2", "the password for x is: «redacted»"),
            (
                "0 3 * * * root /usr/bin/mysqldump -uroot -phunter2 shop | gzip > /b.gz",
                "0 3 * * * root /usr/bin/mysqldump -uroot -p«redacted» shop | gzip > /b.gz"
            ),
            ("mariadb -p'a b' -e 'select 1'", "mariadb -p'«redacted»' -e 'select 1'"),
            ("curl -s -u me:hunter2 https://a/", "curl -s -u me:«redacted» https://a/"),
            ("curl -ume:hunter2 x; id", "curl -ume:«redacted» x; id"),
            ("a && curl --user=\"me:a b\" x", "a && curl --user=\"me:«redacted»\" x"),
            ("sshpass -p hunter2 ssh h", "sshpass -p «redacted» ssh h"),
            ("redis-cli -a hunter2 ping", "redis-cli -a «redacted» ping"),
            (
                "openssl enc -pass pass:hunter2 -in x",
                "openssl enc -pass pass:«redacted»"
            ),
        ])
    func hidden(_ line: String, _ expected: String) {
        #expect(Redactor.redacted(line) == expected)
    }

    @Test(
        "hides in a message what is bound to a name, and leaves prose",
        arguments: [
            ("refused: password=hunter2 is wrong", "refused: password=«redacted» is wrong"),
            (#"{"token": "a b", "n": 1}"#, #"{"token": "«redacted»", "n": 1}"#),
            ("PGPASSWORD='a b' psql", "PGPASSWORD='«redacted»' psql"),
            ("a?token=abc&b=1", "a?token=«redacted»&b=1"),
            ("a password is required", "a password is required"),
            ("the password: too short", "the password: too short"),
            ("password=$PASS failed", "password=«redacted» failed"),
            (
                "mysqldump -uroot -pone && curl -u me:two x",
                "mysqldump -uroot -p«redacted» && curl -u me:«redacted» x"
            ),
            (
                "sudo mysqldump -pone curl -u me:two x",
                "sudo mysqldump -p«redacted» curl -u me:«redacted» x"
            ),
        ])
    func message(_ text: String, _ expected: String) {
        #expect(Redactor.redactedMessage(text) == expected)
    }

    @Test(
        "hides what a block holds, and nothing after it",
        arguments: [
            (
                "a: 1\npassword: |\n  one\n\n  two\nb: 2\n",
                "a: 1\npassword: |\n  «redacted»\n\n  «redacted»\nb: 2\n"
            ),
            ("tokens:\n- a\n- b\nc: d\n", "tokens:\n«redacted»\n«redacted»\nc: d\n"),
            ("secret: \"one\ntwo\"\nb: 2", "secret: \"«redacted»\n«redacted»\nb: 2"),
            ("token=a \\\n  b\nc", "token=«redacted»\n  «redacted»\nc"),
            ("API_KEY=\nFOO=bar", "API_KEY=\nFOO=bar"),
            (
                "x\n-----BEGIN PRIVATE KEY-----\na\nb\n-----END PRIVATE KEY-----\ny",
                "x\n-----BEGIN PRIVATE KEY-----\n«redacted»\n«redacted»\n"
                    + "-----END PRIVATE KEY-----\ny"
            ),
            (
                #"k: "-----BEGIN EC PRIVATE KEY-----\na\n-----END EC PRIVATE KEY-----\n", x"#,
                #"k: "-----BEGIN EC PRIVATE KEY-----«redacted»-----END EC PRIVATE KEY-----\n", x"#
            ),
            (
                "-----BEGIN CERTIFICATE-----\na\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\na\n-----END CERTIFICATE-----"
            ),
        ])
    func blocks(_ text: String, _ expected: String) {
        #expect(Redactor.redacted(text) == expected)
    }

    @Test("hides nothing more of what it has redacted")
    func idempotent() {
        let text = "password: x\nurl: a://b:c@d\n-----BEGIN PRIVATE KEY-----\nx\n"
        let once = Redactor.redacted(text)
        #expect(Redactor.redacted(once) == once)
    }

    @Test("keeps the words of a message, and hides what looks like a secret")
    func messages() {
        let message = "sudo: a password is required for https://u:p@h"
        #expect(
            Redactor.redactedMessage(message)
                == "sudo: a password is required for https://u:«redacted»@h")
    }

    @Test(
        "keeps the number of lines, and ends, for any input",
        arguments: [
            "://", "$1$", "password ", "\"password\":\"", "{AAA}", "eyJ", "-----BEGIN ", "\\",
        ])
    func hostile(_ piece: String) {
        let text = String(repeating: piece, count: 20_000) + "\nlast\n"
        let lines = Redactor.redacted(text).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3)
    }
}
