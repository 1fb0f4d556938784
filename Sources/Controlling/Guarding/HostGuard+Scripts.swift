/// The scripts: POSIX shell, on GNU and on busybox alike.
extension HostGuard {
    /// `$1` is the guard's name, `$2` its time, `$3` what it runs, `$4` the folder for it; the rest
    /// are paths.
    ///
    /// Whoever arms looks for other guards only when its own is at work: of two that arm at once,
    /// at least one sees the other.
    static let arming = """
        name=$1 seconds=$2 undo=$3 base=$4
        shift 4
        if [ -z "$base" ]; then
            base=/var/lib/stead/guard
            [ "$(id -u)" = 0 ] || base=${HOME:?}/.local/state/stead/guard
        fi
        dir=$base/$name
        umask 077
        mkdir -p "$base" && chmod 700 "$base" && mkdir "$dir" "$dir/armed" || exit 1
        fail() {
            printf '%s\\n' "$2"
            mv "$dir/armed" "$dir/confirmed"
            rm -rf "$dir"
            exit "$1"
        }
        : >"$dir/log" && cat >"$dir/commands" && printf '%s\\n' "$undo" >"$dir/undo" ||
            fail 1 "$dir: no room"
        n=0
        for path do
            n=$((n + 1))
            if [ -h "$path" ] || [ -f "$path" ]; then
                cp -pP "$path" "$dir/$n.saved" || fail 1 "$path: no copy can be kept"
            elif [ ! -e "$path" ]; then
                : >"$dir/$n.absent" || fail 1 "$dir: no room"
            else
                continue
            fi
            printf '%s\\n' "$path" >"$dir/$n.path" || fail 1 "$dir: no room"
        done
        # As a service of its own where there is systemd: the restart of sshd may end all that
        # sshd has started.
        start() {
            if [ -d /run/systemd/system ] && [ "$(id -u)" = 0 ]; then
                systemd-run --quiet --collect --unit="stead-guard-$name" \\
                    /bin/sh "$dir/undo" "$dir" "$seconds" </dev/null >/dev/null 2>&1 && return
            fi
            if command -v setsid >/dev/null 2>&1; then
                setsid sh "$dir/undo" "$dir" "$seconds" </dev/null >/dev/null 2>&1 &
            else
                nohup sh "$dir/undo" "$dir" "$seconds" </dev/null >/dev/null 2>&1 &
            fi
        }
        start
        n=0
        while [ ! -s "$dir/pid" ]; do
            n=$((n + 1))
            [ "$n" -le 50 ] || fail 1 "the process that would undo the change does not start"
            sleep 0.1 2>/dev/null || sleep 1
        done
        for other in "$base"/*; do
            [ "$other" != "$dir" ] && [ -s "$other/pid" ] || continue
            read -r pid <"$other/pid"
            if cat "/proc/$pid/cmdline" 2>/dev/null | tr '\\0' '\\n' | grep -qxF "$other"; then
                fail \(Status.busy) "an earlier change is not confirmed yet"
            fi
            rm -rf "$other"
        done
        printf '%s\\n' "$dir"
        """

    /// What the process on the host runs: `$1` is the guard's folder, `$2` its time.
    ///
    /// Copies are made beside their files, then renamed. That somebody decides is a rename too, and
    /// the log is there from the beginning: a disk that is full must not stop it. A command that
    /// fails is run once more after systemd has forgotten how often it tried to start what the
    /// change had broken: by default ten seconds.
    static let undoing = """
        # Puts back what a guarded change replaced, unless it is confirmed in time.
        dir=$1 seconds=$2
        LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
        export LC_ALL PATH
        trap '' HUP
        cd /
        umask 077
        echo $$ >"$dir/pid"
        waited=0 step=1
        while [ "$waited" -lt "$seconds" ] && [ ! -e "$dir/now" ]; do
            [ -d "$dir/armed" ] || exit 0
            sleep 1
            waited=$((waited + 1))
            while [ -e "$dir/step-$step" ]; do
                step=$((step + 1)) waited=0
            done
        done
        mv "$dir/armed" "$dir/undoing" 2>/dev/null || exit 0
        status=0
        put_back() {
            if [ -d "$1" ] && [ ! -h "$1" ]; then
                echo "$1 is a directory now"
                return 1
            fi
            if [ -e "$2.absent" ]; then
                rm -f "$1"
                return
            fi
            folder=${1%/*}
            temporary=$folder/.${1##*/}.stead-tmp
            [ -d "${folder:-/}" ] || mkdir -p "$folder" || return 1
            rm -f "$temporary" && cp -pP "$2.saved" "$temporary" || return 1
            if [ -d "$1" ]; then rm -f "$1" || return 1; fi
            mv -f "$temporary" "$1"
        }
        run() {
            script=$1
            shift
            (eval "$script") </dev/null && return
            sleep 12
            (eval "$script") </dev/null && return
            echo "failed: $script $*"
            [ "$status" != 0 ] || status=\(Status.commandFailed)
        }
        {
            for key in "$dir"/*.path; do
                [ -e "$key" ] || continue
                IFS= read -r path <"$key"
                put_back "$path" "${key%.path}" || status=1
            done
            sync
            umask 022
            . "$dir/commands"
        } >"$dir/log" 2>&1
        if [ "$status" != 1 ]; then rm -f "$dir"/*.saved; fi
        echo "$status" >"$dir/done.tmp"
        mv "$dir/done.tmp" "$dir/done"
        """

    /// Asks the guard to begin. One that is gone, as after a restart of the host, is stood in for.
    static let takingBack = """
        if [ ! -d "$1" ]; then
            echo "the guard's folder $1 is gone"
            exit \(Status.decided)
        fi
        if [ -d "$1/confirmed" ]; then
            echo "it was confirmed"
            exit \(Status.decided)
        fi
        : >"$1/now"
        read -r pid <"$1/pid"
        if ! cat "/proc/$pid/cmdline" 2>/dev/null | tr '\\0' '\\n' | grep -qxF "$1"; then
            [ ! -d "$1/armed" ] || sh "$1/undo" "$1" 0 </dev/null >/dev/null 2>&1
        fi
        n=0
        while [ ! -e "$1/done" ]; do
            n=$((n + 1))
            if [ "$n" -gt 100 ]; then
                echo "the host has not put everything back yet"
                exit 3
            fi
            sleep 1
        done
        cat "$1/log"
        read -r status <"$1/done"
        exit "$status"
        """
}
