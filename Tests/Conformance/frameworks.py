"""Runs the code of “From your framework to a picture” as it is written, with random weights in place of downloads.

    python Tests/Conformance/frameworks.py FOLDER [HEADING …]

Needs what the article's comments install; a framework that is not there is said. Each file then goes through `doctor`,
a unit and a saliency map.
"""

import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARTICLE = ROOT / "Sources/FeatureVisualization/FeatureVisualization.docc/From-your-framework-to-a-picture.md"
PROGRAM = os.environ.get("VISUALIZE", str(ROOT / ".build/debug/visualize"))
PHOTOGRAPH = os.environ.get("PHOTOGRAPH", str(ROOT / "Tests/Recordings/photographs/chelsea.png"))
# Heading: the package, the file that its code writes, and a unit.
FRAMEWORKS = {
    "PyTorch": ("torchvision", "resnet18.onnx", "tabby"), "timm": ("timm", "timm.onnx", "tabby"),
    "transformers": ("transformers", "vit/model.onnx", "1"),
    "Ultralytics": ("ultralytics", "yolo11n.onnx", "0"), "Keras": ("keras", "mobilenet.onnx", "1"),
}


def without_downloads(package):
    """Puts random weights where pretrained ones would be fetched."""
    if package == "torchvision":
        import torchvision
        from torchvision.models._api import WeightsEnum

        WeightsEnum.get_state_dict = lambda self, *_, **__: torchvision.models.resnet18().state_dict()
    elif package == "timm":
        import timm

        create = timm.create_model
        timm.create_model = lambda name, pretrained=False: create(name)
    elif package == "transformers":
        import transformers

        config = transformers.ViTConfig(num_labels=5, hidden_size=64, num_hidden_layers=2, num_attention_heads=4,
                                        intermediate_size=128)
        transformers.AutoModelForImageClassification.from_pretrained = (
            lambda name: transformers.ViTForImageClassification(config))
        transformers.AutoImageProcessor.from_pretrained = lambda name: transformers.ViTImageProcessor()
    elif package == "ultralytics":
        import ultralytics

        make = ultralytics.YOLO
        ultralytics.YOLO = lambda name: make(name.replace(".pt", ".yaml"))
    elif package == "keras":
        import keras

        make = keras.applications.MobileNetV2
        keras.applications.MobileNetV2 = lambda weights: make(weights=None)


def tried(heading, folder):
    """What came of a heading's code, in one line."""
    package, file, unit = FRAMEWORKS[heading]
    if importlib.util.find_spec(package) is None:
        return f"{package} is not installed"
    text = ARTICLE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[-1]
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    without_downloads(package)
    exec(compile(code, heading, "exec"), {})
    results = []
    for name, arguments in {"doctor": ["doctor", file], "unit": ["--unit", unit, "--model", file, "--steps", "8"],
                            "saliency": ["saliency", PHOTOGRAPH, "--unit", unit, "--model", file]}.items():
        force = [] if name == "doctor" else ["--force", "-o", f"{package}-{name}.png"]
        done = subprocess.run([PROGRAM, *arguments, *force], capture_output=True, text=True)
        results.append(f"{name} " + ("works" if done.returncode == 0 else (done.stdout + done.stderr).strip()[-200:]))
    return ", ".join(results)


def main():
    warnings.filterwarnings("ignore")
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for heading in sys.argv[2:] or FRAMEWORKS:
        try:
            print(f"{heading}: {tried(heading, folder)}", flush=True)
        except Exception as error:
            print(f"{heading}: {type(error).__name__}: {str(error)[:300]}", flush=True)


if __name__ == "__main__":
    main()
