import Resources

extension ObservationScript {
    /// The functions that the looks call. POSIX shell, plus `stat -c`, `sha256sum`, `head -c` and
    /// `test -ef`, which GNU coreutils and busybox both have.
    static func prologue(_ nonce: Nonce) -> String {
        "n='\(nonce.text)'\n" + functions
    }

    private static let functions = """
        exec 2>/dev/null
        LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
        export LC_ALL PATH
        say() { printf '%s %s\\n' "$n" "$*"; }
        say begin
        for tool in stat sha256sum sed head readlink wc; do
            command -v $tool >/dev/null || { say lacks $tool; exit 0; }
        done
        init=other
        if [ -d /run/systemd/system ]; then init=systemd
        elif [ -d /run/openrc ]; then init=openrc; fi
        cron=crontabs
        [ -d /etc/cron.d ] && cron=cron.d
        say facts $init $cron

        # Not there, or in a folder that can't be searched? Only the first is absence.
        missing() {
            d=${1%/*}
            while [ -n "$d" ] && [ ! -e "$d" ] && [ ! -L "$d" ]; do d=${d%/*}; done
            d=${d:-/}
            if [ -d "$d" ] && [ ! -x "$d" ]; then say hidden permission "$1"
            else say absent "$1"; fi
        }
        target() {
            say target "$1"
            readlink -n "$1"
            printf '\\n%s close\\n' "$n"
        }
        status() { stat -c "$n stat %f %u %g %U %G %s %n" "$@"; }
        files() {
            for f do
                if [ -L "$f" ]; then target "$f"
                elif [ -f "$f" ]; then [ -r "$f" ] || say hidden permission "$f"
                elif [ ! -e "$f" ]; then missing "$f"; fi
            done
            status "$@"
        }
        link() {
            if [ -L "$1" ]; then
                if [ "$1" -ef "$2" ]; then say same "$1"; else target "$1"; fi
            elif [ ! -e "$1" ]; then missing "$1"; fi
        }
        content() {
            size=$(wc -c <"$1")
            if [ "${size:-0}" -gt \(Look.contentLimit) ]; then
                sum=$(sha256sum <"$1")
                say large "${sum%% *}" "$1"
            else
                say content "$1"
                head -c \(Look.contentLimit) <"$1"
                printf '\\n%s close\\n' "$n"
            fi
        }
        # Only regular files: a pipe in a file's place would block whoever opens it.
        expect() { [ -f "$2" ] && [ ! -L "$2" ] && printf '%s  %s\\n' "$1" "$2"; }
        compare() {
            sha256sum -c | sed -n -e '/: OK$/!p' -e '$=' | while IFS= read -r line; do
                case $line in
                    /*) content "${line%: FAILED*}" ;;
                    *) say compared "$line" ;;
                esac
            done
        }
        single() {
            [ -f "$2" ] && [ ! -L "$2" ] || return 0
            sum=$(sha256sum <"$2")
            [ "${sum%% *}" = "$1" ] || content "$2"
            say compared 1
        }
        fetch() { [ -f "$1" ] && [ ! -L "$1" ] && content "$1"; }
        whole() {
            files "$1"
            fetch "$1"
        }
        ask() {
            i=$1 script=$2
            shift 2
            out=$(eval "$script" 2>&1 </dev/null)
            code=$?
            say output "$i"
            printf '%s\\n%s status %s\\n' "$out" "$n" "$code"
        }

        """
}
