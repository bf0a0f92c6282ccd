#!/usr/bin/env bash
# Cuts the power: copies an ext4 disk in mid-run as it is on the device, mounts the copy as after a crash, and looks
# at what is there. Every file must be whole; then the run goes on and must come to the same bytes. Needs root, a loop
# device and mkfs.ext4.
#
#     Tests/Durability/power-cut.sh [CUTS]      by default 6 of each
if [[ -z ${UNSHARED:-} ]]; then UNSHARED=1 exec unshare -m "$0" "$@"; fi
source "$(dirname "$0")/common.sh"
cuts=${1:-6}
trap 'umount "$work/after" "$work/disk" 2>/dev/null; rm -rf "$work"' EXIT

plan "$work/plan.yaml"
gallery "$work/plan.yaml" "$work/whole"
mkdir "$work/trained" "$work/disk" "$work/after"
train "$work/trained"

check() { # FOLDER: every file in it is whole
  local file
  while read -r file; do
    case $file in
      */.*) ;; # a part of a file, which nobody reads
      *.png) [[ $(tail -c 8 "$file" | od -An -tx1 | tr -d ' ') == 49454e44ae426082 ]] || { echo "$file is cut off" >&2; exit 1; } ;;
      *.html) tail -c 10 "$file" | grep -q '</html>' || { echo "$file is cut off" >&2; exit 1; } ;;
      *.checkpoint | *.older)
        [[ $(head -c -64 "$file" | sha256sum | cut -c1-64) == $(tail -c 64 "$file") ]] || { echo "$file is damaged" >&2; exit 1; } ;;
    esac
  done < <(find "$1" -type f)
}

count=0
for ((i = 1; i <= cuts; i++)); do
  for kind in gallery training; do
    truncate -s 48M "$work/disk.img"
    mkfs.ext4 -qF "$work/disk.img"
    mount -o loop,commit=1 "$work/disk.img" "$work/disk"
    mkdir "$work/disk/r"
    sync -f "$work/disk"
    if [[ $kind == gallery ]]; then gallery "$work/plan.yaml" "$work/disk/r" & else train "$work/disk/r" & fi
    running=$!
    sleep "$((RANDOM % 3)).$((RANDOM % 9))"
    # What the device holds at this moment; what is only in memory is lost.
    cp --sparse=always "$work/disk.img" "$work/cut.img"
    killed $running || true
    # What was killed takes a moment to let go.
    until umount "$work/disk" 2>/dev/null; do sleep 0.1; done
    mount -o loop "$work/cut.img" "$work/after"
    check "$work/after/r"
    rm -rf "$work/cut" && cp -a "$work/after/r" "$work/cut"
    found=$(find "$work/cut" -type f | wc -l)
    umount "$work/after"
    if [[ $kind == gallery ]]; then
      gallery "$work/plan.yaml" "$work/cut"
      expect_same "$work/whole" "$work/cut" "gallery, cut $i"
    else
      train "$work/cut"
      expect_same "$work/trained" "$work/cut" "training, cut $i"
    fi
    echo "$kind, cut $i: $found files were there, all whole"
    count=$((count + 1))
  done
done
echo "$count power cuts, nothing lost that was finished"
