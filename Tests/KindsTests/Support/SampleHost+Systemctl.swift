extension SampleHost {
    /// As much of systemctl as the steps use, as a function that comes before a script: units are
    /// files, their states are files in `/run/systemd`.
    static let systemctl = #"""
        systemctl() {
            for unit; do :; done
            file=$FAKE/etc/systemd/system/$unit state=$FAKE/run/systemd
            case $* in
                show\ *)
                    active=inactive enabled=
                    [ -e "$file" ] && enabled=disabled
                    [ -e "$state/enabled/$unit" ] && enabled=enabled
                    [ -e "$state/active/$unit" ] && active=active
                    printf 'ActiveState=%s\nUnitFileState=%s\n' "$active" "$enabled" ;;
                daemon-reload) : ;;
                --quiet\ enable\ *)
                    mkdir -p "$state/enabled" "$state/active"
                    [ -e "$file" ] && : >"$state/enabled/$unit" ;;
                restart\ *) [ -e "$file" ] && : >"$state/active/$unit" ;;
                --quiet\ disable\ --now\ *)
                    [ -e "$file" ] && rm -f "$state/enabled/$unit" "$state/active/$unit" ;;
                stop\ *) rm -f "$state/enabled/$unit" "$state/active/$unit" ;;
                *)
                    printf 'unknown: %s\n' "$*"
                    return 1 ;;
            esac
        }

        """#
}
