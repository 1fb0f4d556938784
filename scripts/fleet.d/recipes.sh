# shellcheck shell=bash
# What the images are made of: root_IMAGE FOLDER fills the root of one. Sourced by scripts/fleet; a
# change here makes new images.

readonly SUITE=bookworm
readonly COMMON_PACKAGES=openssh-server,nginx-light,cron,iproute2,sudo
# Python is there for Ansible alone, which the benchmarks compare with; the other images have none.
readonly SYSTEMD_PACKAGES=systemd-sysv,python3,$COMMON_PACKAGES

root_systemd() {
    debian_root "$1" "$SYSTEMD_PACKAGES"
    local unit
    # The hosts reach no name server; waiting for one would only make logins slow.
    rm -f "$1/etc/resolv.conf"
    # Nothing may wake up by itself in the middle of a measurement; there is no terminal, and what
    # is the kernel's (binfmt, pstore) is not a container's to set.
    for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
        fstrim.timer e2scrub_reap.service systemd-pstore.service console-getty.service \
        getty@tty1.service systemd-binfmt.service; do
        ln -sf /dev/null "$1/etc/systemd/system/$unit"
    done
    install -D -m 644 "$RECIPE/image/first-boot.service" \
        "$1/etc/systemd/system/first-boot.service"
    install -d "$1/etc/systemd/system/ssh.service.requires" "$1/etc/systemd/journald.conf.d"
    ln -s ../first-boot.service "$1/etc/systemd/system/ssh.service.requires/first-boot.service"
    printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=8M\n' \
        >"$1/etc/systemd/journald.conf.d/fleet.conf"
    ln -sf /lib/systemd/system/multi-user.target "$1/etc/systemd/system/default.target"
}

root_openrc() {
    debian_root "$1" "$COMMON_PACKAGES"
    # debootstrap would take sysv-rc as well, which openrc conflicts with; apt knows better.
    printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
    chmod 755 "$1/usr/sbin/policy-rc.d"
    chroot "$1" apt-get -qq update
    DEBIAN_FRONTEND=noninteractive chroot "$1" apt-get -qq install -y --no-install-recommends \
        sysvinit-core openrc
    rm "$1/usr/sbin/policy-rc.d"
    slim "$1"
    install -m 755 "$RECIPE/image/first-boot.openrc" "$1/etc/init.d/first-boot"
    rm -f "$1/etc/resolv.conf"
    # There are no terminals, and init would start a getty on each again and again.
    sed -i '/getty/d' "$1/etc/inittab"
    chroot "$1" rc-update add first-boot sysinit
    local service
    for service in ssh nginx cron; do chroot "$1" rc-update add "$service" default; done
}

# A Debian root $1 with packages $2, and what all Debian hosts of the fleet have in common.
debian_root() {
    local root=$1
    install -d "$root/etc/dpkg/dpkg.cfg.d"
    # No fsync for each file, and no documents: the image is made in half the time.
    printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' \
        'path-exclude=/usr/share/locale/*' >"$root/etc/dpkg/dpkg.cfg.d/fleet"
    # shellcheck disable=SC2046  # no mirror at all when this machine names none
    debootstrap --variant=minbase --include="$2" "$SUITE" "$root" $(mirror)
    slim "$root"
    # Made anew on every host: keys, the identity, and the name (which LXD sets).
    rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname"
    : >"$root/etc/machine-id"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    chroot "$root" useradd --create-home --shell /bin/sh --password '*' deploy
    install -m 440 "$RECIPE/image/sudoers" "$root/etc/sudoers.d/deploy"
    install -m 644 "$RECIPE/image/sshd.conf" "$root/etc/ssh/sshd_config.d/fleet.conf"
    install -m 755 "$RECIPE/image/first-boot" "$root/usr/local/sbin/first-boot"
}

# Leaves out what a host never reads.
slim() {
    rm -rf "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/* \
        "$1"/usr/share/{doc,man,locale,info}/*
}

# The package server that this machine itself uses for the suite; debootstrap knows a default.
mirror() {
    # shellcheck disable=SC2016  # apt-get fills this in
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $SUITE" |
        head -n 1
}

# A root with busybox and dropbear, and nothing else: no systemd, no Python, no bash, no coreutils.
root_busybox() {
    local root=$1 applet
    install -d "$root"/{bin,dev,etc/ssh,etc/dropbear,lib64,proc,run,sys,usr/bin,usr/sbin,var/log} \
        "$root/var/spool/cron/crontabs"
    install -d -m 700 "$root/root"
    install -d -m 1777 "$root/tmp"
    ln -s bin "$root/sbin"
    cp /bin/busybox "$root/bin/busybox"
    for applet in $(/bin/busybox --list | grep -vx busybox); do
        ln -s busybox "$root/bin/$applet"
    done
    # Manifests name programs by their usual paths.
    for applet in true false env; do ln -s ../../bin/busybox "$root/usr/bin/$applet"; done
    copy_program /usr/sbin/dropbear "$root"
    copy_program /usr/bin/dropbearkey "$root"
    install -m 644 "$RECIPE/image/inittab" "$root/etc/inittab"
    install -m 755 "$RECIPE/image/rc" "$root/etc/rc"
    printf 'root:x:0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\n' >"$root/etc/group"
    install -m 600 <(printf 'root:*:19000::::::\n') "$root/etc/shadow"
    printf '/bin/sh\n' >"$root/etc/shells"
}

# Copies a program of this machine and the libraries it needs into root $2, at the same paths.
copy_program() {
    local library
    install -D -m 755 "$1" "$2$1"
    for library in $(ldd "$1" | grep -o '/[^ ]*'); do
        install -D -m 755 "$library" "$2$library"
    done
}
