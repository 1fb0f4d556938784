extension KeepsakeCommands {
    /// Prints the lines between the markers `begin` and `end`; a block without an end is none.
    private static let extracting = """
        extract() {
            LC_ALL=C awk -v begin="$begin" -v end="$end" '
                $0 == begin { held = $0 "\\n"; inside = 1; next }
                inside { held = held $0 "\\n" }
                inside && $0 == end { printf "%s", held; inside = 0 }
            ' "$table"
        }

        """

    /// A copy with its owner, mode and time; `copy FROM TO`. A large file is only given another
    /// name, where that can be done.
    private static let copying = """
        copy() {
            rm -f "$2" || return 1
            if [ -f "$1" ] && [ ! -h "$1" ]; then
                size=$(wc -c <"$1") || return 1
                [ "$size" -le \(copyLimit) ] || ! ln "$1" "$2" 2>/dev/null || return 0
            fi
            cp -pP "$1" "$2"
        }

        """

    /// The copy is complete before it takes the place of an older one, and what it was made of is
    /// still there.
    static let keeping = """
        id=$1 note=$2 table=$3 begin=$4 end=$5
        shift 5
        dir=${stead_quarantine:?}/${id:?}
        fail() {
            rm -f "$dir"/*.tmp
            printf '%s\\n' "not deleted, as it can't be kept: ${1%%
        *}" >&2
            exit 1
        }

        """ + extracting + copying + """
            umask 077
            out=$(mkdir -p "$dir" 2>&1 && chmod 700 "$stead_quarantine" "$dir" 2>&1) ||
                fail "$out"
            n=0
            for path do
                n=$((n + 1))
                if [ -h "$path" ] || [ -f "$path" ]; then
                    out=$(copy "$path" "$dir/$n.tmp" 2>&1) || fail "$out"
                    printf '%s\\n' "$path" >"$dir/$n.path" || fail "no room in $dir"
                    rm -f "$dir/$n.saved"
                    out=$(mv -f "$dir/$n.tmp" "$dir/$n.saved" 2>&1) || fail "$out"
                elif [ -e "$path" ]; then
                    fail "$path is neither a regular file nor a link"
                fi
            done
            if [ -n "$table" ] && [ -f "$table" ]; then
                extract >"$dir/lines.tmp" || fail "no room in $dir"
                if [ -s "$dir/lines.tmp" ]; then
                    mv -f "$dir/lines.tmp" "$dir/lines.saved" || fail "no room in $dir"
                else
                    rm -f "$dir/lines.tmp"
                fi
            fi
            printf '%s\\n' "$note" >"$dir/note" || fail "no room in $dir"
            date +%s >"$dir/kept.tmp" && [ -s "$dir/kept.tmp" ] &&
                mv -f "$dir/kept.tmp" "$dir/kept" || fail "no room in $dir"
            sync

            """

    /// First nothing is changed: something that is in the way of the last must not leave the first
    /// put back.
    static let puttingBack = """
        id=$1 table=$2 begin=$3 end=$4
        shift 4
        dir=${stead_quarantine:?}/${id:?}
        fail() {
            printf '%s\\n' "$2" >&2
            exit "$1"
        }
        [ -e "$dir/kept" ] || fail \(Status.nothing) "nothing of it is in $dir"

        """ + extracting + copying + """
            same() {
                if [ -h "$1" ] || [ -h "$2" ]; then
                    [ -h "$1" ] && [ -h "$2" ] && [ "$(readlink "$1")" = "$(readlink "$2")" ]
                    return
                fi
                [ -f "$2" ] && cmp -s "$1" "$2" &&
                    [ "$(stat -c '%a %u %g' "$1")" = "$(stat -c '%a %u %g' "$2")" ]
            }
            n=0
            for path do
                n=$((n + 1))
                [ -e "$dir/$n.saved" ] || [ -h "$dir/$n.saved" ] || continue
                [ -e "$path" ] || [ -h "$path" ] || continue
                same "$dir/$n.saved" "$path" || fail \(Status.obstructed) "$path"
            done
            lines=
            if [ -e "$dir/lines.saved" ]; then
                lines=due
                [ -d "${table%/*}" ] || fail 1 "there is no folder ${table%/*}"
                if [ -f "$table" ] && [ -n "$(extract)" ]; then
                    [ "$(extract)" = "$(cat "$dir/lines.saved")" ] ||
                        fail \(Status.obstructed) "$begin in $table"
                    lines=
                fi
            fi
            n=0
            for path do
                n=$((n + 1))
                [ -e "$dir/$n.saved" ] || [ -h "$dir/$n.saved" ] || continue
                if [ ! -e "$path" ] && [ ! -h "$path" ]; then
                    folder=${path%/*}
                    temporary=$folder/.${path##*/}.stead-tmp
                    umask 022
                    out=$({ [ -d "${folder:-/}" ] || mkdir -p "$folder"; } 2>&1) || fail 1 "$out"
                    umask 077
                    out=$(: >"$dir/$n.put" 2>&1) || fail 1 "$out"
                    out=$(copy "$dir/$n.saved" "$temporary" 2>&1 &&
                        mv -f "$temporary" "$path" 2>&1) || {
                        rm -f "$temporary"
                        fail 1 "$out"
                    }
                fi
                printf '%s\\n' "$path"
            done
            if [ -n "$lines" ]; then
                umask 077
                temporary=${table%/*}/.${table##*/}.stead-tmp
                { [ ! -f "$table" ] || awk '{ print }' "$table"; } >"$temporary" &&
                    cat "$dir/lines.saved" >>"$temporary" &&
                    mv -f "$temporary" "$table" || {
                    rm -f "$temporary"
                    fail 1 "$table can't be written"
                }
            fi
            [ ! -e "$dir/lines.saved" ] || printf '%s\\n' "$table"
            sync

            """

    static let takingOut = """
        dir=${stead_quarantine:?}/${1:?}
        shift
        n=0 status=0
        for path do
            n=$((n + 1))
            [ -e "$dir/$n.put" ] || continue
            rm -f "$path" && rm -f "$dir/$n.put" || status=1
        done
        exit $status

        """

    /// What was never kept whole has no age: nothing was deleted after it.
    static let forgetting = """
        dir=${stead_quarantine:?}/${1:?}
        [ -d "$dir" ] || exit 0
        if [ -n "$2" ] && [ -e "$dir/kept" ]; then
            IFS= read -r at <"$dir/kept"
            now=$(date +%s)
            [ $((now - at)) -ge "$2" ] || exit \(Status.young)
        fi
        rm -rf "$dir"

        """
}
