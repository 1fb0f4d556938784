/// The scripts, each made once: a plan of thousands of files shares them.
extension FileCommands {
    static let writing = writing(with: nil)
    static let writingWithUndo = writing(with: keep(from: 5))
    static let linking = linking(with: nil)
    static let linkingWithUndo = linking(with: keep(from: 3))
    static let removing = removing(with: nil)
    static let removingWithUndo = removing(with: keep(from: 2))

    /// Names the path, its folder and the temporary file; makes the folder; stops at a directory.
    /// All but `mkdir` is built into the shell, and so costs no process.
    private static let opening = """
        p=$1 d=${1%/*} t=${1%/*}/.${1##*/}.stead-tmp
        fail() {
            printf '%s\\n' "${1%%
        *}" >&2
            rm -f "$t"
            exit 1
        }
        umask 022
        [ -d "${d:-/}" ] || mkdir -p "$d" || exit 1
        if [ -d "$p" ] && [ ! -h "$p" ]; then
            printf '%s\\n' "$p is a directory: it is not replaced" >&2
            exit 1
        fi
        umask 077

        """

    /// Takes away what an interrupted run left under the temporary name.
    private static let clearTemporary = """
        if [ -e "$t" ] || [ -h "$t" ]; then rm -f "$t" || exit 1; fi

        """

    /// Puts the temporary file in place. `mv` would go into the directory that a link leads to, so
    /// such a link is removed first.
    private static let rename = """
        if [ -d "$p" ]; then rm -f "$p" || fail "$p cannot be replaced"; fi
        out=$(mv -f "$t" "$p" 2>&1) || fail "$out"

        """

    /// Keeps the original of `$p` in the undo directory, once: a copy that an interrupted run made
    /// is the true original and stays. `KEY.path` holds the path and is written first, then
    /// `KEY.saved` or, if there was nothing, `KEY.absent`. The script's argument number `position`
    /// is the undo directory, the one after it the key.
    private static func keep(from position: Int) -> String {
        """
        u=$\(position) k=$\(position)/$\(position + 1)
        if [ ! -e "$k.saved" ] && [ ! -h "$k.saved" ] && [ ! -e "$k.absent" ]; then
            [ -d "$u" ] || mkdir "$u" || exit 1
            printf '%s\\n' "$p" >"$k.path" || exit 1
            if [ -h "$p" ] || [ -f "$p" ]; then
                if [ -e "$k.tmp" ] || [ -h "$k.tmp" ]; then rm -f "$k.tmp" || exit 1; fi
                cp -pP "$p" "$k.tmp" && mv -f "$k.tmp" "$k.saved" || exit 1
            elif [ -e "$p" ]; then
                printf '%s\\n' "$p is neither a regular file nor a link: it is not replaced" >&2
                exit 1
            else
                : >"$k.absent" || exit 1
            fi
        fi

        """
    }

    /// The file is reached through its open descriptor, not through its name: whoever may write to
    /// the folder can't slip a link under `chown` and `chmod`. `chown` comes first, as it clears
    /// set-id bits. It is left out when the shell is root and so the file is root's already; that
    /// `/` is the shell's own tells so without a process.
    private static func writing(with keep: String?) -> String {
        opening + (keep ?? "") + clearTemporary + """
            set -C
            exec 3>"$t"
            set +C
            out=$(dd bs=64k conv=fsync 2>&1 >&3) || fail "$out"
            case $3:$4 in
                :) ;;
                root:root | 0:0 | root:0 | 0:root)
                    if [ ! -O / ] || [ ! -G / ] || [ ! -O "$t" ] || [ ! -G "$t" ]; then
                        out=$(chown "$3:$4" /proc/self/fd/3 2>&1) || fail "$out"
                    fi ;;
                *) out=$(chown "$3:$4" /proc/self/fd/3 2>&1) || fail "$out" ;;
            esac
            out=$(chmod "$2" /proc/self/fd/3 2>&1) || fail "$out"

            """ + rename
    }

    /// A new link needs no temporary name: `ln` makes it whole or not at all.
    private static func linking(with keep: String?) -> String {
        opening + (keep ?? "") + """
            if [ ! -e "$p" ] && [ ! -h "$p" ]; then
                ln -s "$2" "$p"
                exit
            fi

            """ + clearTemporary + """
                out=$(ln -s "$2" "$t" 2>&1) || fail "$out"

                """ + rename
    }

    private static func removing(with keep: String?) -> String {
        """
        p=$1
        if [ ! -h "$p" ] && [ ! -f "$p" ]; then
            [ -e "$p" ] || exit 0
            printf '%s\\n' "$p is neither a regular file nor a link: it is not removed" >&2
            exit 1
        fi
        umask 077

        """ + (keep ?? "") + """
            rm -f "$p"

            """
    }
}
