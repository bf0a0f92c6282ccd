# What the trials share: where the program is, a folder of its own, and what they work on.
set -euo pipefail
# Every job is a group of processes of its own, so that it can be killed as one.
set -m
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
visualize=${VISUALIZE:-$root/.build/debug/visualize}
[[ -x $visualize ]] || {
  echo "there is no program at $visualize; build it, or say where it is by VISUALIZE" >&2
  exit 64
}
work=$(mktemp -d)
end_jobs() { # what was begun and has not ended: a time limit ends only this shell
  local job
  for job in $(jobs -p); do kill -KILL -- "-$job" 2>/dev/null || true; done
}
trap 'end_jobs; rm -rf "$work"' EXIT

plan() { # FILE: 24 small pictures
  cat >"$1" <<PLAN
title: Trial
model: $root/models/digits.onnx
defaults: {steps: 24, size: 8}
pictures: [all logits, {units: [0-6], seeds: 2, steps: 32}]
PLAN
}

gallery() { "$visualize" gallery "$1" --output "$2" --cache "$2/.cache" --threads 2 >/dev/null 2>"$work/said"; }

train() { # FOLDER: a training of a few seconds
  (cd "$1" && exec "$visualize" train --data "$root/Snippets/Resources/digits" --architecture mlp:48 --epochs 12 \
    --shift 0 --adversary l2:0.5 --output m.onnx >/dev/null 2>"$work/said")
}

hashes() { (cd "$1" && find . -type f | sort | xargs -r sha256sum); }

expect_same() { # A B WHAT
  if ! diff <(hashes "$1") <(hashes "$2") >"$work/difference"; then
    echo "$3: the results differ" >&2
    cat "$work/difference" >&2
    exit 1
  fi
}

killed() { # JOB: kills it and what it started; fails where it has ended by itself
  kill -KILL -- "-$1" 2>/dev/null || return 1
  ! wait "$1" 2>/dev/null
}
