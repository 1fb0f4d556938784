# shellcheck shell=bash disable=SC2153  # ROOT is set by scripts/fleet
# Makes the images of the hosts, once: a file in the cache, named after a hash of its recipe, which
# is recipes.sh and the folder image/ beside it. Sourced by scripts/fleet.

readonly RECIPE=$ROOT/scripts/fleet.d

recipe_hash() {
    (cd "$RECIPE" && find recipes.sh image -type f -print0 | sort -z | xargs -0 sha256sum) |
        sha256sum | cut -c 1-12
}

image_file() { printf '%s/%s-%s.tar\n' "$FLEET_CACHE" "$1" "$(recipe_hash)"; }

# Makes sure that the named images are in the cache; those that are missing are made side by side.
ensure_images() {
    local image jobs=() job failed=
    for image in "$@"; do
        [[ -e $(image_file "$image") ]] && continue
        say "making the image $image (once, a minute or two)"
        make_image "$image" >"$FLEET_CACHE/$image.log" 2>&1 9>&- &
        jobs+=("$!:$image")
    done
    for job in "${jobs[@]}"; do
        image=${job#*:}
        if wait "${job%%:*}"; then
            say "made the image $image"
        else
            failed+=" $image"
            tail -n 15 "$FLEET_CACHE/$image.log" >&2
        fi
    done
    [[ -z $failed ]] || die "could not make the image$failed; the whole log is in $FLEET_CACHE"
}

# One image: a root made in a folder of its own, packed as LXD reads it. The last rename makes it
# visible, so a half-made image is never used.
make_image() {
    local image=$1 work=$FLEET_CACHE/build-$1.$BASHPID file old
    file=$(image_file "$image")
    # What an interrupted run left; its debootstrap may still be writing, so this may fail.
    for old in "$FLEET_CACHE/build-$image".*; do
        unmount_below "$old"
        rm -rf --one-file-system "$old" || true
    done
    rm -f "$FLEET_CACHE/$image"-*.tar*
    mkdir -p "$work/rootfs"
    "root_$image" "$work/rootfs"
    printf 'architecture: %s\ncreation_date: 1\nproperties: {description: %s}\n' \
        "$(uname -m)" "$image" >"$work/metadata.yaml"
    tar -C "$work" --numeric-owner --sparse -cf "$file.part" metadata.yaml rootfs
    mv "$file.part" "$file"
    rm -rf --one-file-system "$work"
}
