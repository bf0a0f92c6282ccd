#!/bin/bash
# Every method of `visualize saliency` on one network: whether its map holds something, or words why there is none.
#
#   Tests/Conformance/methods.sh PICTURE MODEL [options of saliency …]
#
# A line a method: what came out, its least and greatest number, and what was said. `ok` is a map with something in it;
# `empty` is one whose words say what the method drops; `refused` is exit status 1 with words why; `FAULT` is all else:
# any other empty or constant map, a number that is none, no words, a crash, LIMIT (120) seconds without an end. Where the
# plain gradient cannot be had, nothing is tried. The exit status is the number of faults.
# VISUALIZE is the program, METHODS those that are tried. Integrals have 4 points, random methods 8 samples, and
# pictures 4 parts.
set -u
visualize=${VISUALIZE:-.build/debug/visualize}
[ $# -ge 2 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 64; }
picture=$1 model=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

methods=${METHODS:-$("$visualize" saliency --help | sed -n '/^USAGE/q; s/^  \([a-z0-9+-]*\)  .*/\1/p')}
# Few samples, points and parts, of the methods that take them.
few() {
  local method=$1
  shift
  for count in "--samples 40 --parts grid:2x2" "--parts grid:2x2" "--samples 8" "--steps 4" ""; do
    # shellcheck disable=SC2086
    timeout "${LIMIT:-120}" "$visualize" saliency "$picture" --model "$model" --method "$method" $count "$@" \
      >"$work/out" 2>"$work/said"
    local status=$?
    [ $status = 64 ] || return $status
  done
  return 64
}

few gradient "$@" --format csv --output "$work/map.csv" || { cat "$work/said" >&2; exit 64; }
faults=0
for method in $methods; do
  [ "$method" = neuron-conductance ] && continue # A question of one neuron's.
  rm -f "$work"/*
  few "$method" "$@" --format csv --output "$work/map.csv"
  status=$?
  said=$(tr '\r' '\n' <"$work/said" | grep -v "^ *[0-9]* %" | tr '\n' ' ')
  error=${said##*Error: }
  range=
  if [ $status = 0 ]; then
    range=$(awk -F, '{ for (i = 1; i <= NF; i++) { x = $i; if (x !~ /^-?[0-9]/) bad = 1
      if (!n++ || x + 0 < low) low = x + 0; if (n == 1 || x + 0 > high) high = x + 0 } }
      END { print (!n || bad) ? "none" : low, high }' "$work/map.csv")
    read -r low high <<<"$range"
    verdict=ok
    [ "$low" = none ] || [ "$low" = "$high" ] && verdict=FAULT
  else
    verdict=FAULT
    [ $status = 1 ] && [ "$error" != "$said" ] && verdict=refused
  fi
  case $said in
  *"is empty"* | *"nothing in the graph"*) verdict=FAULT ;;
  *"drops what is negative"*)
    [ "$status" = 0 ] && [ "$low" = 0 ] && [ "$high" = 0 ] && verdict=empty error=${said##*nothing to see} ;;
  esac
  [ $verdict = FAULT ] && faults=$((faults + 1))
  [ $verdict = ok ] && error=$(grep -o "[^.]*same [^.]*\." <<<"$said" | tail -1)
  printf '%-8s%-30s%-28s%s\n' "$verdict" "$method" "$range" "$error"
done
exit $faults
