# shellcheck shell=bash
# The container engine: starts it, and clears away all of it, also when it was killed and left
# mounts, a bridge or hosts behind. Sourced by scripts/fleet.

readonly DAEMON_FILE=$FLEET_HOME/daemon
readonly HOSTS_FILE=$FLEET_HOME/processes
readonly MARKER=$FLEET_HOME/is-a-stead-fleet
# Exists when the engine has its pool and its network.
readonly CONFIGURED=$FLEET_HOME/configured
readonly BRIDGE_ALIAS="stead fleet $FLEET_HOME"

daemon_alive() {
    [[ -e $CONFIGURED && -n $(recorded_alive "$DAEMON_FILE") ]] &&
        lxd waitready --timeout 5 >/dev/null 2>&1
}

need_daemon() { daemon_alive || die "no fleet is up: scripts/fleet up"; }

start_daemon() {
    mkdir -p "$LXD_DIR" "$LXD_CONF"
    : >"$MARKER"
    make_bridge
    # A session of its own, so that closing the terminal doesn't take the fleet along.
    setsid lxd --group root --logfile "$FLEET_HOME/lxd.log" \
        </dev/null >"$FLEET_HOME/lxd.out" 2>&1 9>&- &
    local pid=$!
    disown "$pid"
    process_record "$pid" lxd >"$DAEMON_FILE" || die "lxd did not start: $FLEET_HOME/lxd.out"
    lxd waitready --timeout 60 || die "lxd is not ready after 60 s: $FLEET_HOME/lxd.log"
    lxd init --preseed >/dev/null <<PRESEED
config:
  images.auto_update_interval: 0
storage_pools:
- name: pool
  driver: btrfs
  config: {size: $POOL_SIZE}
profiles:
- name: default
  config:
    boot.autostart: "false"
    limits.memory: 512MiB
  devices:
    root: {type: disk, path: /, pool: pool}
    eth0: {type: nic, nictype: bridged, parent: $BRIDGE, name: eth0}
PRESEED
    raise_limits
    : >"$CONFIGURED"
}

# A plain bridge, not one that LXD manages: no DHCP server, no firewall rules to leave behind.
make_bridge() {
    ip link add "$BRIDGE" type bridge 2>/dev/null ||
        die "a network device $BRIDGE exists already and isn't ours: set STEAD_FLEET_BRIDGE"
    ip link set "$BRIDGE" alias "$BRIDGE_ALIAS"
    ip addr add "$SUBNET.1/24" dev "$BRIDGE"
    ip link set "$BRIDGE" up
}

# All hosts' users are one user to the kernel, and systemd takes about six inotify instances a host.
raise_limits() {
    raise_limit /proc/sys/fs/inotify/max_user_instances 4096
    raise_limit /proc/sys/kernel/keys/maxkeys 2000
}

raise_limit() {
    local now
    now=$(<"$1")
    ((now >= $2)) || echo "$2" >"$1"
}

# Writes down the processes of all running hosts: each one's init, and the monitor that started it.
record_hosts() {
    local name pid monitor
    lxc list --format csv --columns np | while IFS=, read -r name pid; do
        ((pid > 0)) || continue
        monitor=$(parent_of "$pid") || continue
        process_record "$pid" "$name" || true
        process_record "$monitor" "$name" || true
    done >"$HOSTS_FILE.new"
    mv "$HOSTS_FILE.new" "$HOSTS_FILE"
}

parent_of() { awk '$1 == "PPid:" { print $2 }' "/proc/$1/status" 2>/dev/null; }

# What the record misses: hosts that restarted by themselves, and an engine whose start was cut off.
# Their command lines hold our own folder's path, which nobody else's have. A monitor's child is the
# host's init.
unrecorded_alive() {
    local folder words
    for folder in /proc/[0-9]*; do
        { mapfile -d '' -t words <"$folder/cmdline"; } 2>/dev/null || continue
        case "${words[*]}" in
            "lxd --group root --logfile $FLEET_HOME/lxd.log") ;;
            "[lxc monitor] $LXD_DIR/containers "*)
                { xargs -n 1 <"$folder/task/${folder#/proc/}/children"; } 2>/dev/null || true
                ;;
            *) continue ;;
        esac
        echo "${folder#/proc/}"
    done
}

# Clears all of the fleet away: asks the engine first, then takes what is left by the record.
clear_all() {
    if daemon_alive; then
        # Asks the engine while it can be asked: it leaves less behind than killing does.
        timeout 60 lxc stop --force --all >/dev/null 2>&1 || true
        timeout 20 lxd shutdown --force --timeout 10 >/dev/null 2>&1 || true
    fi
    kill_recorded
    unmount_below "$FLEET_HOME"
    free_loops
    remove_bridge
    remove_cgroups
    remove_home
}

kill_recorded() {
    local pid pids
    # The daemon first, or it would look after the hosts that go.
    for pid in $(recorded_alive "$DAEMON_FILE"); do kill -KILL "$pid" 2>/dev/null || true; done
    # An init takes all of its host along; monitors end by themselves then, unless they hang.
    mapfile -t pids < <(recorded_alive "$HOSTS_FILE"; unrecorded_alive)
    for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    wait_until 10 all_gone "${pids[@]}" || say "still there after 10 s: ${pids[*]}"
}

all_gone() {
    local pid
    for pid in "$@"; do
        ! process_identity "$pid" >/dev/null || return 1
    done
}

# Unmounts what is mounted at or below folder $1, last mounted first.
unmount_below() {
    local point
    for _ in 1 2 3; do
        for point in $(mounts_below "$1" | tac); do
            umount "$point" 2>/dev/null || umount --lazy "$point" 2>/dev/null || true
        done
        [[ -n $(mounts_below "$1") ]] || return 0
    done
    die "can't unmount: $(mounts_below "$1" | tr '\n' ' ')"
}

mounts_below() {
    awk -v folder="$1" '$5 == folder || index($5, folder "/") == 1 { print $5 }' \
        /proc/self/mountinfo
}

free_loops() {
    local device
    for device in $(losetup --noheadings --output NAME --associated "$LXD_DIR/disks/pool.img" \
        2>/dev/null); do
        losetup --detach "$device" 2>/dev/null || true
    done
}

# Only a bridge that this fleet made; another program's of that name stays.
remove_bridge() {
    [[ $(cat "/sys/class/net/$BRIDGE/ifalias" 2>/dev/null) == "$BRIDGE_ALIAS" ]] || return 0
    ip link delete "$BRIDGE"
}

# The engine leaves its hosts' control groups when it is killed, and numbers the next ones of that
# name. A group in use can't be removed, so this can't hurt anybody else's.
remove_cgroups() {
    local name
    [[ -e $HOSTS_FILE ]] || return 0
    while read -r _ _ _ name; do
        remove_groups /sys/fs/cgroup/{,*/}lxc.{payload,monitor}."$name"{,-[0-9]*}
    done < <(sort -u -k 4 "$HOSTS_FILE")
    # All containers of a machine share this one.
    compgen -G '/sys/fs/cgroup/*/lxc.monitor.*' >/dev/null ||
        remove_groups /sys/fs/cgroup/{,*/}lxc.pivot
}

remove_groups() {
    local folder
    for folder in "$@"; do
        [[ ! -d $folder ]] || find "$folder" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    done
}

remove_home() {
    [[ -d $FLEET_HOME ]] || return 0
    [[ -e $MARKER || -z $(ls -A "$FLEET_HOME") ]] ||
        die "$FLEET_HOME holds something else than a fleet; not removed"
    rm -rf --one-file-system "$FLEET_HOME"
}
