# shellcheck shell=bash disable=SC2034  # used by the files sourced after this one
# Settings and small tools of scripts/fleet. Sourced, never run.

# Everything that is running lives below one folder, so that clearing up is clearing that folder.
readonly FLEET_HOME=${STEAD_FLEET_HOME:-/var/lib/stead-fleet}
# Images take a minute to make and survive `down`.
readonly FLEET_CACHE=${STEAD_FLEET_CACHE:-/var/cache/stead-fleet}
# What a client needs to reach the hosts.
readonly FLEET_OUT=${STEAD_FLEET_OUT:-$ROOT/state/fleet}
readonly BRIDGE=${STEAD_FLEET_BRIDGE:-steadbr0}
# The first three numbers of a /24; the hosts need no way out, so nothing routes it.
readonly SUBNET=${STEAD_FLEET_SUBNET:-10.77.0}
readonly EXTRA=${STEAD_FLEET_EXTRA:-1}
readonly MAX_HOSTS=200
# A sparse file: it takes what the hosts write, about 300 MB for ten of them.
readonly POOL_SIZE=8GiB

export LXD_DIR=$FLEET_HOME/lxd
# Keeps the client from writing into the caller's home.
export LXD_CONF=$FLEET_HOME/client

say() { printf 'fleet: %s\n' "$*"; }
die() {
    printf 'fleet: %s\n' "$*" >&2
    exit 1
}

# Runs the whole command again as root; the fleet needs mounts, namespaces and a bridge.
need_root() {
    [[ $EUID -ne 0 ]] || return 0
    local name names=
    for name in HOME CACHE OUT BRIDGE SUBNET EXTRA; do names+=STEAD_FLEET_$name,; done
    exec sudo --preserve-env="${names%,}" "$0" "$@"
}

# One change of the fleet at a time. The lock lies in the cache because `down` removes the home.
# Whatever outlives this script must be started with 9>&-, or it would hold the lock for ever.
take_lock() {
    mkdir -p "$FLEET_CACHE"
    exec 9>"$FLEET_CACHE/lock"
    flock -n 9 || { say "waiting for another fleet command"; flock 9; }
}

# Prints when process $1 was started, in ticks since boot, and the boot: with these two a pid that
# another process got later is not taken for ours. Fails when there is no such process.
process_identity() {
    local line fields boot
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    # The name in parentheses may hold blanks; the fields after it are counted from 3 (proc(5)).
    read -ra fields <<<"${line##*) }"
    [[ ${fields[0]} != Z ]] || return 1
    read -r boot </proc/sys/kernel/random/boot_id
    printf '%s %s\n' "${fields[19]}" "$boot"
}

# Prints a line of a process file for pid $1, called $2.
process_record() {
    local identity
    identity=$(process_identity "$1") && printf '%s %s %s\n' "$1" "$identity" "$2"
}

# Prints the pids, of those recorded in file $1, that are still the processes recorded.
recorded_alive() {
    local pid start boot
    [[ -e $1 ]] || return 0
    while read -r pid start boot _; do
        [[ $(process_identity "$pid") == "$start $boot" ]] && printf '%s\n' "$pid"
    done <"$1"
    return 0
}

# Waits up to $1 seconds for the command after it to succeed.
wait_until() {
    local limit=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < limit)) || return 1
        sleep 0.1
    done
}
