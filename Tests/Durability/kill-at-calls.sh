#!/usr/bin/env bash
# Kills a training and a gallery at chosen system calls: at the n-th rename, sync, open or unlink. Needs strace.
#
#     Tests/Durability/kill-at-calls.sh [CALLS]      by default the first 8 of each kind
source "$(dirname "$0")/common.sh"
calls=${1:-8}
command -v strace >/dev/null || { echo "strace is missing (Debian: apt-get install strace)" >&2; exit 64; }

plan "$work/plan.yaml"
gallery "$work/plan.yaml" "$work/whole"
mkdir "$work/trained"
train "$work/trained"

killed_at() { # KIND N COMMAND…: whether it was killed
  ! strace -f -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$2" "${@:3}" >/dev/null 2>&1
}

done_kills=0
for kind in rename fsync unlink; do
  for ((n = 1; n <= calls; n++)); do
    rm -rf "$work/cut" && mkdir "$work/cut"
    if killed_at $kind $n "$visualize" gallery "$work/plan.yaml" --output "$work/cut" --cache "$work/cut/.cache" --threads 2; then
      done_kills=$((done_kills + 1))
    fi
    gallery "$work/plan.yaml" "$work/cut"
    expect_same "$work/whole" "$work/cut" "gallery, $kind $n"
    rm -rf "$work/cut" && mkdir "$work/cut"
    if (cd "$work/cut" && killed_at $kind $n "$visualize" train --data "$root/Snippets/Resources/digits" \
      --architecture mlp:48 --epochs 12 --shift 0 --adversary l2:0.5 --output m.onnx); then
      done_kills=$((done_kills + 1))
    fi
    train "$work/cut"
    expect_same "$work/trained" "$work/cut" "training, $kind $n"
  done
done
echo "$done_kills kills at system calls, the same bytes and nothing else"
