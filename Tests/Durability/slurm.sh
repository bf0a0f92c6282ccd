#!/usr/bin/env bash
# A gallery by Examples/cluster/slurm.sh on a Slurm of three nodes, one of which is killed in mid-work: nothing is lost,
# nothing is made twice, and the folder is that of one machine. Needs root, slurm-wlm and munge.
#
#     Tests/Durability/slurm.sh
source "$(dirname "$0")/common.sh"
for program in slurmctld slurmd sbatch munged; do
  command -v $program >/dev/null || { echo "$program is missing (Debian: apt-get install slurm-wlm munge)" >&2; exit 64; }
done

daemons=()
finish() {
  end_jobs
  # What runs in a node's namespace goes with its first process.
  for daemon in "${daemons[@]}"; do
    kill -KILL $(pgrep -P "$daemon") "$daemon" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT
fail() { # MESSAGE…: with what Slurm has to say
  echo "$*" >&2
  tail -n 20 "$work"/log/slurmctld "$work"/*.log >&2
  exit 1
}
within() { # SECONDS COMMAND…: waits until the command succeeds
  local end=$((SECONDS + $1))
  until "${@:2}"; do
    ((SECONDS < end)) || fail "after $1 seconds still not: ${*:2}"
    sleep 0.2
  done
}

# A Slurm of its own: its key, ports and folders.
mkdir -p "$work"/{state,log,munge,spool-node1,spool-node2,spool-node3}
chmod 711 "$work" && chmod 700 "$work/munge"
(umask 077 && head -c 128 /dev/urandom >"$work/munge/key")
host=$(hostname)
port=$((20000 + $$ % 10000))
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<CONFIGURATION
ClusterName=trial
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
# How long a job that is begun again waits, at least 5 seconds.
AuthInfo=socket=$work/munge/socket,cred_expire=5
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/log/slurmctld
SlurmdLogFile=$work/log/slurmd-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
# A node that is not heard of for so long is down, and its jobs begin again elsewhere.
SlurmdTimeout=3
SchedulerParameters=sched_interval=1,bf_interval=1
SelectType=select/cons_tres
NodeName=node[1-3] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 3))] CPUs=1
PartitionName=trial Nodes=ALL Default=YES MaxTime=5 State=UP
CONFIGURATION
start() {
  "$@" >>"$work/log/output" 2>&1 </dev/null &
  daemons+=($!)
  disown $!
}
start munged --foreground --force --key-file "$work/munge/key" --socket "$work/munge/socket" \
  --pid-file "$work/munge/pid" --log-file "$work/munge/log" --seed-file "$work/munge/seed"
within 10 test -S "$work/munge/socket"
start slurmctld -D -i -f "$SLURM_CONF"
for number in 1 2 3; do
  # A node is a namespace of processes: all of them die with it.
  start unshare --pid --fork --mount-proc --kill-child bash -c "slurmd -D -N node$number -f $SLURM_CONF & wait"
done
node=${daemons[2]}
idle() { [[ $(sinfo --noheader --format=%D --states=idle 2>/dev/null) == 3 ]]; }
within 20 idle

# 36 pictures, some 30 seconds of work for one core.
cat >"$work/plan.yaml" <<PLAN
title: Trial
model: $root/models/digits.onnx
defaults: {steps: 12000, size: 8}
pictures: [all logits, {units: [0-9], seeds: [1, 2]}, {units: [0-5], steps: 18000}]
PLAN
cd "$work"
export VISUALIZE=$visualize
made() { cat visualize-"$1"_"$2".log 2>/dev/null | grep -c '\.png$' || true; }

job=$(sbatch --parsable --array=1-4 "$root/Examples/cluster/slurm.sh" gallery plan.yaml --output shared --cache shared/.cache)
merging=$(sbatch --parsable --dependency="afterok:$job" --kill-on-invalid-dep=yes \
  "$root/Examples/cluster/slurm.sh" gallery plan.yaml --output shared --cache shared/.cache)
first_on() { squeue --noheader --array --format='%K %N' --states=running | awk -v node="$1" '$2 == node { print $1 }'; }
under_way() { part=$(first_on node1) && [[ $part ]] && (($(made "$job" "$part") >= 2)); }
within 30 under_way
kill -KILL $(pgrep -P "$node")
before=$(made "$job" "$part")
((before < 9)) || fail "part $part was finished before its node was killed"
if "$visualize" gallery plan.yaml --output shared --cache shared/.cache --merge 2>"$work/said"; then fail "merged what is not there"; fi
grep -q "part $part/4: " "$work/said" || fail "not named: part $part/4 in $(<"$work/said")"

merged() { [[ -s shared/index.html && ! $(squeue --noheader) ]]; }
within 90 merged
"$visualize" gallery plan.yaml --output alone --cache alone/.cache --threads 2 >/dev/null 2>&1
expect_same alone shared "made on three nodes"

cat visualize-"$job"_*.log | grep '\.png$' | sort >pictures
[[ ! $(uniq --repeated pictures) ]] || fail "made twice: $(uniq --repeated pictures)"
again=$(($(made "$job" "$part") - before))
# The last before the kill may have been written and not printed.
count=$(wc -l <pictures)
((count >= 35 && again > 0)) || fail "$count pictures of 36 printed, $again of them after the kill"
echo "node1 killed after $before pictures of part $part, which Slurm began again for $again more: 36 pictures, none twice," \
  "the same bytes as on one machine"
