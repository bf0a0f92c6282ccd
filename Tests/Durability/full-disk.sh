#!/usr/bin/env bash
# Fills the disk: galleries and trainings on disks of every small size. Each must end with status 1 and say why,
# leave no part of a file, and go on where it stopped once there is room. Needs root.
#
#     Tests/Durability/full-disk.sh
if [[ -z ${UNSHARED:-} ]]; then UNSHARED=1 exec unshare -m "$0" "$@"; fi
source "$(dirname "$0")/common.sh"
trap 'umount "$work/disk" 2>/dev/null; rm -rf "$work"' EXIT

plan "$work/plan.yaml"
gallery "$work/plan.yaml" "$work/whole"
mkdir "$work/trained" "$work/disk"
train "$work/trained"

full=0
for kind in gallery training; do
  for size in 4k 12k 32k 64k 96k 128k; do
    mount -t tmpfs -o size=$size none "$work/disk"
    status=0
    if [[ $kind == gallery ]]; then
      gallery "$work/plan.yaml" "$work/disk" || status=$?
    else
      train "$work/disk" || status=$?
    fi
    if ((status != 0)); then
      full=$((full + 1))
      ((status == 1)) && grep -q 'No space left on device' "$work/said" || {
        echo "$kind on $size: status $status" >&2
        cat "$work/said" >&2
        exit 1
      }
      parts=$(find "$work/disk" -name '.*.partial' -o -name '.*.lock')
      [[ -z $parts ]] || { echo "$kind on $size left $parts" >&2; exit 1; }
    fi
    rm -rf "$work/cut" && cp -a "$work/disk" "$work/cut"
    umount "$work/disk"
    if [[ $kind == gallery ]]; then
      gallery "$work/plan.yaml" "$work/cut"
      expect_same "$work/whole" "$work/cut" "gallery on $size"
    else
      train "$work/cut"
      expect_same "$work/trained" "$work/cut" "training on $size"
    fi
  done
done
echo "$full full disks, each said, and gone on from to the same bytes"
