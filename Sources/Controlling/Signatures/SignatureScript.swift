import Resources

/// A script that verifies one signature in a folder of its own. It prints a verdict on the first
/// line (`good`, `wrong`, `expired`, `unlisted`, `missing`), and who signed, or why, on the next.
struct SignatureScript {
    let bytes: [UInt8]

    private init(_ files: [(name: String, bytes: [UInt8])], _ body: String) {
        var script = Array(
            """
            export LC_ALL=C
            umask 077
            folder=$(mktemp -d) || exit 70
            trap 'rm -rf "$folder"' EXIT
            cd "$folder" || exit 70
            needs() { command -v "$1" >/dev/null || { printf 'missing\\n%s\\n' "$1"; exit 0; }; }
            says() { echo "$1"; cat "$2"; exit 0; }

            """.utf8)
        for (name, bytes) in files {
            script += Array("printf '".utf8) + ShellText.printfFormat(of: bytes)
            script += Array("' >\(name) || exit 70\n".utf8)
        }
        self.bytes = script + Array(body.utf8)
    }

    /// A signature of SSH, in git's namespace.
    ///
    /// A key's time is held against the clock, not against the commit's date, which is whatever
    /// its author writes. Source: ssh-keygen(1), `-Y`.
    static func ssh(_ signature: [UInt8], of payload: [UInt8], by signers: [String]) -> Self {
        let lines = signers.map { $0 + "\n" }.joined()
        return Self(
            [("signature", signature), ("payload", payload), ("allowed", Array(lines.utf8))],
            """
            needs ssh-keygen
            key() { grep -o 'SHA256:[^ ]*' "$1" | head -n 1; }
            unlisted() { printf 'unlisted\\n%s\\n' "$(key seen)"; exit 0; }
            ssh-keygen -Y check-novalidate -n git -s signature <payload >seen 2>&1 \
                || says wrong seen
            ssh-keygen -Y find-principals -s signature -f allowed >principals 2>/dev/null \
                || unlisted
            while IFS= read -r principal; do
                ssh-keygen -Y verify -n git -I "$principal" -f allowed -s signature \
                    <payload >said 2>&1 || continue
                printf 'good\\n%s (%s)\\n' "$principal" "$(key said)"
                exit 0
            done <principals
            unlisted

            """)
    }

    /// A signature of OpenPGP.
    ///
    /// Source: GnuPG's doc/DETAILS: a signature is good when it is said to be, and no other is
    /// said to be anything else; the exit status is 0 for expired keys too.
    static func openPGP(_ signature: [UInt8], of payload: [UInt8], by keys: [String]) -> Self {
        let text = keys.map { $0 + "\n" }.joined()
        return Self(
            [("signature", signature), ("payload", payload), ("keys", Array(text.utf8))],
            """
            needs gpg
            check() {
                gpg --homedir "$folder" --no-options --batch --no-tty --no-autostart \
                    --disable-dirmngr --no-auto-key-retrieve --no-auto-key-locate \
                    --trust-model always "$@"
            }
            test ! -s keys || check --quiet --import keys >/dev/null 2>&1
            check --status-fd 3 --verify signature payload 3>status >/dev/null 2>&1
            status=$?
            said() { sed -n "s/^\\[GNUPG:\\] $1 //p" status; }
            if grep -Eq '^\\[GNUPG:\\] (EXPSIG|EXPKEYSIG|REVKEYSIG) ' status; then
                printf 'expired\\n%s\\n' "$(said '[A-Z]*SIG' | head -n 1)"
            elif grep -Eq '^\\[GNUPG:\\] BADSIG ' status; then
                printf 'wrong\\n%s\\n' "$(said BADSIG)"
            elif grep -Eq '^\\[GNUPG:\\] (ERRSIG|NO_PUBKEY) ' status; then
                printf 'unlisted\\nkey %s\\n' "$(said NO_PUBKEY | head -n 1)"
            elif test "$status" = 0 && grep -q '^\\[GNUPG:\\] GOODSIG ' status \\
                && grep -q '^\\[GNUPG:\\] VALIDSIG ' status
            then
                printf 'good\\n%s (%s)\\n' "$(said GOODSIG | head -n 1 | cut -d ' ' -f 2-)" \\
                    "$(said VALIDSIG | head -n 1 | cut -d ' ' -f 1)"
            else
                printf 'wrong\\ngpg does not call it good\\n'
            fi

            """)
    }
}
