#!/usr/bin/env bash
# A microscope by the commands of Examples/cluster/kubernetes.yaml, each in a shell with the environment that its pod has
# (the volume's folder is another). One part is killed in mid-work and begun again, as OnFailure says: nothing is lost, nothing
# is made twice, and the folder is that of one machine. Needs Python with PyYAML, which PYTHON may say where to find.
#
#     Tests/Durability/kubernetes.sh
source "$(dirname "$0")/common.sh"
fail() {
  echo "$*" >&2
  tail -n 5 "$work"/*.log >&2
  exit 1
}

# What each job runs, and how many pods do.
"${PYTHON:-python3}" - "$root/Examples/cluster/kubernetes.yaml" "$work" <<'PYTHON'
import shlex, sys, yaml
for job in yaml.safe_load_all(open(sys.argv[1])):
    spec = job["spec"]
    [container] = spec["template"]["spec"]["containers"]
    environment = [f"{one['name']}={one['value']}" for one in container.get("env", [])]
    [volume] = container["volumeMounts"]
    words = shlex.join(["env", *environment, *container["command"], *container.get("args", [])])
    with open(f"{sys.argv[2]}/{job['metadata']['labels']['step']}", "w") as file:
        file.write(words.replace(volume["mountPath"], f"{sys.argv[2]}/data"))
    if spec.get("completionMode") == "Indexed":
        with open(f"{sys.argv[2]}/completions", "w") as file:
            file.write(str(spec["completions"]))
PYTHON
completions=$(<"$work/completions")
mkdir -p "$work/bin" "$work/data"
printf '#!/bin/sh\nexec %q "$@"\n' "$visualize" >"$work/bin/visualize"
chmod +x "$work/bin/visualize"
export PATH=$work/bin:$PATH
model() { cp "$root/models/digits.onnx" "$work/data/resnet50.onnx"; }
model
pod() { # INDEX
  JOB_COMPLETION_INDEX=$1 bash "$work/parts" >>"$work/$1.log" 2>&1
}
made() { grep -c '\.png$' "$work/$1.log" 2>/dev/null || true; }

# The first path that a part prints is the sign; where it was done before the signal came, another is tried.
mkfifo "$work/said-by-pod"
victim=
for index in 3 0 7 12; do
  JOB_COMPLETION_INDEX=$index bash "$work/parts" >"$work/said-by-pod" 2>"$work/$index.log" &
  job=$!
  exec 3<"$work/said-by-pod"
  read -r line <&3 || fail "part $index said nothing"
  if killed $job; then victim=$index; fi
  { echo "$line" && cat <&3; } >>"$work/$index.log"
  exec 3<&-
  if [[ $victim ]]; then break; fi
done
[[ $victim ]] || fail "every part was done before it could be killed"
before=$(made $victim)
if bash "$work/merge" >"$work/merge.log" 2>&1; then fail "merged what is not there"; fi
grep -q "part $((victim + 1))/$completions: " "$work/merge.log" || fail "the part that was killed is not named"

for ((index = 0; index < completions; index += 2)); do
  pod $index & one=$!
  pod $((index + 1)) & other=$!
  wait $one && wait $other || fail "part $index or the next one ended with $?"
done
(($(made $victim) > before)) || fail "part $victim had nothing left to make"
bash "$work/merge" >"$work/merge.log" 2>&1 || fail "not merged"

mv "$work/data" "$work/shared"
mkdir "$work/data"
model
visualize microscope "$work/data/resnet50.onnx" --output "$work/data/microscope" --threads 2 >"$work/alone.log" 2>&1
expect_same "$work/data/microscope" "$work/shared/microscope" "made in $completions parts"
cat "$work"/[0-9]*.log | grep '\.png$' | sort >"$work/pictures"
[[ ! $(uniq --repeated "$work/pictures") ]] || fail "made twice: $(uniq --repeated "$work/pictures")"
count=$(wc -l <"$work/pictures")
all=$(find "$work/data/microscope/pictures" -name '*.png' | wc -l)
# The last before the kill may have been written and not printed.
((count == all || count == all - 1)) || fail "$count pictures of $all printed"
echo "pod $victim killed after $before pictures and begun again for $(($(made $victim) - before)) more:" \
  "$all pictures in $completions parts, none twice, the same bytes as on one machine"
