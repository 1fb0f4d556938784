extension FileCommands {
    /// Where `crontab` keeps the users' tables, on busybox as on Debian.
    package static let crontabDirectory = "/var/spool/cron/crontabs"

    /// Puts `block`, whole lines that begin with `begin` and end with `end`, at the end of a user's
    /// crontab, in place of any block between the same markers; an empty block only takes that
    /// away. Other lines stay as they are.
    package static func replaceBlock(
        inCrontabOf user: String, with block: Content, from begin: String, to end: String
    ) -> Command {
        Command(
            replacingBlock, [crontabDirectory + "/" + user, begin, end, crontabDirectory],
            input: block)
    }

    /// Tells busybox's crond to read a user's crontab again: it reads the names in `cron.update`
    /// each minute, then removes that file. Other daemons look at the folder themselves.
    ///
    /// Source: busybox, miscutils/crond.c.
    package static func announceCrontab(of user: String) -> Command {
        Command("printf '%s\\n' \"$1\" >>\"$2\"", [user, crontabDirectory + "/cron.update"])
    }

    /// A block that lacks its end is no block: what follows its first line is somebody else's.
    private static let replacingBlock = """
        p=$1 t=${1%/*}/.${1##*/}.stead-tmp
        fail() {
            printf '%s\\n' "${1%%
        *}" >&2
            rm -f "$t"
            exit 1
        }
        if [ ! -d "$4" ]; then
            printf '%s\\n' "this host has no cron: neither /etc/cron.d nor $4 is there" >&2
            exit 1
        fi
        umask 077
        if [ -e "$t" ] || [ -h "$t" ]; then rm -f "$t" || exit 1; fi
        set -C
        exec 3>"$t"
        set +C
        if [ -e "$p" ]; then
            LC_ALL=C awk -v begin="$2" -v end="$3" '
                $0 == begin { printf "%s", held; held = ""; inside = 1; next }
                inside && $0 == end { held = ""; inside = 0; next }
                inside { held = held $0 "\\n"; next }
                { print }
                END { printf "%s", held }
            ' "$p" >&3 || fail "$p cannot be rewritten"
        fi
        out=$(dd bs=64k conv=fsync 2>&1 >&3) || fail "$out"
        out=$(mv -f "$t" "$p" 2>&1) || fail "$out"

        """
}
