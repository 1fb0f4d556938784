import Resources

extension Transaction {
    /// Tests what was written.
    var testCommand: Command { Command(test) }

    /// Puts it in force.
    var commitCommand: Command { Command(commit) }

    /// Forgets the originals: the transaction is done.
    var forgetCommand: Command { Command("rm -rf \"$1\"", [undoDirectory]) }

    /// Puts back everything the steps replaced, from the copies they left, and forgets those.
    ///
    /// The undo directory holds, for each path, `KEY.path` (the path), and `KEY.saved` (the
    /// original) or `KEY.absent`. A key with neither was never touched.
    var restoreCommand: Command {
        Command(
            """
            failed=0
            for key in "$1"/*.path; do
                [ -e "$key" ] || continue
                IFS= read -r path <"$key"
                key=${key%.path}
                if [ -e "$key.saved" ] || [ -L "$key.saved" ]; then
                    # mv would follow a link to a folder.
                    if [ -L "$path" ]; then rm -f "$path"; fi
                    mv -f "$key.saved" "$path" || failed=1
                elif [ -e "$key.absent" ]; then
                    rm -f "$path" || failed=1
                fi
            done
            [ $failed = 0 ] || exit 1
            rm -rf "$1"
            """, [undoDirectory])
    }
}
