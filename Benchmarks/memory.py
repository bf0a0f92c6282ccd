"""Peak memory of every method of `visualize saliency` on some networks, as a table.

python Benchmarks/memory.py --visualize .build/debug/visualize --picture cat.png MODEL.onnx ...

It needs nothing beside Python. A method is stopped after so many seconds (--seconds): its memory does not grow
with what is left of its samples.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def methods(visualize: str) -> list[str]:
    """The names before `USAGE`, each in front of what it is."""
    text = subprocess.run([visualize, "saliency", "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  ([a-z][a-z0-9+-]*)  +[a-zA-Z0-9]", text.split("USAGE")[0], re.MULTILINE)


def peak(command: list[str], seconds: float) -> tuple[int | None, str]:
    """Megabytes at the peak; None and the reason where there is no map."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        end = time.monotonic() + seconds
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > end:
                process.kill()
                _, _, usage = os.wait4(process.pid, 0)
                status = 0
                break
            time.sleep(0.05)
        process.returncode = 0
        if status:
            errors.seek(0)
            return None, errors.read().strip().splitlines()[-1]
    return round(usage.ru_maxrss * 1024 / 1e6), ""


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--visualize", default=".build/debug/visualize")
parser.add_argument("--picture", required=True)
parser.add_argument("--unit", default="281")
parser.add_argument("--methods", help="with commas between them; all where not said")
parser.add_argument("--seconds", type=float, default=20)
parser.add_argument("models", nargs="+")
said = parser.parse_args()

print("| method | " + " | ".join(Path(model).stem for model in said.models) + " |")
print("| --- |" + " --- |" * len(said.models))
for method in said.methods.split(",") if said.methods else methods(said.visualize):
    cells = []
    for model in said.models:
        with tempfile.TemporaryDirectory() as folder:
            megabytes, reason = peak(
                [said.visualize, "saliency", said.picture, "--model", model, "--unit", said.unit, "--method", method,
                 "--output", f"{folder}/map.png"], said.seconds)
        cells.append("" if megabytes is None else str(megabytes))
        if reason:
            print(f"{method}, {model}: {reason}", file=sys.stderr)
    print(f"| `{method}` | " + " | ".join(cells) + " |", flush=True)
