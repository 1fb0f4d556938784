# shellcheck shell=bash
# The hosts: makes, starts and removes them, and writes down how to reach them. Sourced.
#
# A host is a clone of a prepared instance (base-IMAGE), made in a fraction of a second.

# The kind of image that host $1 is made of.
image_of() {
    case $1 in
        b*) echo busybox ;;
        o*) echo openrc ;;
        *) echo systemd ;;
    esac
}

# A tree may declare more hosts than a fleet can have; these get a name that can't exist.
address_of() {
    case $1 in
        b1) echo "$SUBNET.4" ;;
        o1) echo "$SUBNET.5" ;;
        h*) ((${1#h} > MAX_HOSTS)) && echo "$1.invalid" || echo "$SUBNET.$((10 + ${1#h}))" ;;
    esac
}

# Odd hosts are managed as root, even ones by a user who becomes root.
user_of() {
    case $1 in
        h*[02468]) echo deploy ;;
        *) echo root ;;
    esac
}

# The names of a fleet of $1 hosts, one a line.
wanted_hosts() {
    local number
    for ((number = 1; number <= $1; number++)); do echo "h$number"; done
    [[ $EXTRA == 0 ]] || printf '%s\n' b1 o1
}

existing_hosts() {
    lxc list --format csv --columns n | grep -v '^base-' || true
}

# Those that are stopped or frozen; starting brings both back.
stopped_hosts() {
    lxc list --format csv --columns ns | sed -n '/^base-/d; /,RUNNING$/d; s/,.*//p'
}

make_client_key() {
    [[ -e $FLEET_HOME/id_ed25519 ]] ||
        ssh-keygen -q -t ed25519 -N '' -C stead-fleet -f "$FLEET_HOME/id_ed25519"
}

# The instance that hosts of image $1 are cloned from: it has the client's key, and has been started
# once, because LXD shifts all files to the container's user ids then, and clones keep that. It gets
# its name when it is ready, so an interrupted `up` leaves none that is half prepared.
prepare_base() {
    local image=$1 base=base-$1 new=base-$1-new
    ! lxc info "$base" >/dev/null 2>&1 || return 0
    lxc --quiet delete --force "$new" >/dev/null 2>&1 || true
    lxc image info "$image" >/dev/null 2>&1 ||
        lxc --quiet image import "$(image_file "$image")" --alias "$image" >/dev/null
    lxc --quiet init "$image" "$new" >/dev/null
    lxc --quiet start "$new" >/dev/null
    lxc exec "$new" -- /bin/sh -s <"$RECIPE/prepare" -- "$(<"$FLEET_HOME/id_ed25519.pub")"
    lxc --quiet stop --force "$new" >/dev/null
    lxc --quiet rename "$new" "$base" >/dev/null
}

# liblxc sets the address as it starts the host, whatever the host's own init is.
clone_host() {
    local name=$1
    lxc --quiet copy "base-$(image_of "$name")" "$name" \
        --config raw.lxc="lxc.net.0.ipv4.address=$(address_of "$name")/24" >/dev/null
    start_host "$name"
}

start_host() { lxc --quiet start "$1" >/dev/null; }

# Runs function $1 for each further argument, four at a time, and fails when one failed.
side_by_side() {
    local function=$1 item failed=0 running=0
    shift
    for item in "$@"; do
        ((running < 4)) || { wait -n || failed=1; running=$((running - 1)); }
        "$function" "$item" 9>&- &
        running=$((running + 1))
    done
    while ((running > 0)); do
        wait -n || failed=1
        running=$((running - 1))
    done
    return "$failed"
}

# Brings the hosts from what exists to what is wanted.
shape_hosts() {
    local wanted=$1 added removed stopped
    mapfile -t added < <(comm -23 <(sort <<<"$wanted") <(existing_hosts | sort))
    mapfile -t removed < <(comm -13 <(sort <<<"$wanted") <(existing_hosts | sort))
    mapfile -t stopped < <(stopped_hosts)
    if [[ ${#removed[@]} -gt 0 ]]; then
        lxc --quiet delete --force "${removed[@]}"
        say "removed ${removed[*]}"
    fi
    # Those that stopped and are not wanted are gone by now.
    side_by_side start_host "${stopped[@]}" 2>/dev/null || true
    side_by_side clone_host "${added[@]}" || die "could not start all hosts"
    # shellcheck disable=SC2086  # one name a word
    side_by_side wait_for_host $wanted || die "not all hosts answer"
    [[ ${#added[@]} -eq 0 ]] || say "started $(printf '%s\n' "${added[@]}" | sort -V | xargs)"
}

# A host is there when it has made its keys and answers on the port of ssh.
wait_for_host() {
    wait_until 60 host_key "$1" >"$FLEET_HOME/key-$1" ||
        { say "$1 has made no key after 60 s" >&2; return 1; }
    wait_until 60 port_open "$(address_of "$1")" 22 ||
        { say "$1 does not answer after 60 s" >&2; return 1; }
}

# The first two words of the host's public key, read through the engine and not through the network.
host_key() {
    local line
    line=$(lxc exec "$1" -- cat /etc/ssh/ssh_host_ed25519_key.pub 2>/dev/null) || return 1
    [[ $line == ssh-ed25519\ * ]] || return 1
    cut -d ' ' -f 1,2 <<<"$line"
}

port_open() { timeout 2 bash -c ": </dev/tcp/$1/$2" 2>/dev/null; }

# Writes what a client needs: the key, and how to reach each host.
write_client_files() {
    local name address user key
    mkdir -p "$FLEET_OUT"
    install -m 600 "$FLEET_HOME/id_ed25519" "$FLEET_OUT/id_ed25519"
    install -m 644 "$FLEET_HOME/id_ed25519.pub" "$FLEET_OUT/id_ed25519.pub"
    rm -f "$FLEET_OUT"/{hosts,known_hosts,ssh_config}
    for name in $1; do
        address=$(address_of "$name")
        user=$(user_of "$name")
        key=$(<"$FLEET_HOME/key-$name")
        printf '%s\t%s\t22\t%s\t%s\n' "$name" "$address" "$user" "$key" >>"$FLEET_OUT/hosts"
        printf '%s,%s %s\n' "$name" "$address" "$key" >>"$FLEET_OUT/known_hosts"
        printf 'Host %s\n    HostName %s\n    User %s\n' "$name" "$address" "$user" \
            >>"$FLEET_OUT/ssh_config"
    done
    printf '%s\n' 'Host *' "    IdentityFile $FLEET_OUT/id_ed25519" '    IdentitiesOnly yes' \
        "    UserKnownHostsFile $FLEET_OUT/known_hosts" '    BatchMode yes' \
        >>"$FLEET_OUT/ssh_config"
}

# Puts the desired tree for $1 hosts under git; its history goes on when the fleet changes its size.
commit_tree() {
    local repo=$FLEET_OUT/repo
    write_tree "$1" "$repo"
    [[ -d $repo/.git ]] || git -c init.defaultBranch=main init -q "$repo"
    git -C "$repo" add -A
    git -C "$repo" diff --cached --quiet 2>/dev/null ||
        git -C "$repo" -c user.name=fleet -c user.email=fleet@localhost commit -q \
            -m "Declare a fleet of $1"
}
