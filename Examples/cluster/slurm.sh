#!/usr/bin/env bash
# A gallery or a microscope on Slurm: as an array job each task makes a part, as a plain job it merges them.
#
#     job=$(sbatch --parsable --array=1-100 Examples/cluster/slurm.sh microscope resnet50.onnx)
#     sbatch --dependency=afterok:$job --kill-on-invalid-dep=yes Examples/cluster/slurm.sh microscope resnet50.onnx
#
# One part again, of the same hundred: PARTS=100 sbatch --array=17 Examples/cluster/slurm.sh …
#
#SBATCH --job-name=visualize
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --cpus-per-task=1
set -euo pipefail

visualize=${VISUALIZE:-visualize}
if [[ ${SLURM_ARRAY_TASK_ID:-} ]]; then
  share=(--part "$SLURM_ARRAY_TASK_ID/${PARTS:-$SLURM_ARRAY_TASK_COUNT}")
else
  share=(--merge)
fi
# A process group's signals reach the program itself: it ends between two files.
exec "$visualize" "$@" "${share[@]}" --threads "${SLURM_CPUS_PER_TASK:-1}"
