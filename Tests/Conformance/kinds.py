"""Makes small files of many kinds, looks at each with `visualize`, and prints a table of what was seen.

    python Tests/Conformance/kinds.py FOLDER [NAME …]

Needs torch, onnx and onnxruntime; transformers, ultralytics, timm and segmentation_models_pytorch where they are
there. Weights are random. “Values” is the largest relative difference of all outputs that ONNX Runtime computes for
the same picture.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import warnings

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
PROGRAM = os.environ.get("VISUALIZE", ".build/debug/visualize")
KINDS = {}


def kind(function):
    """Registers a maker of a file; its result: options for `visualize`, a unit and a layer, where they differ."""
    KINDS[function.__name__.replace("_", "-")] = function
    return function


def prepare(module, inputs):
    module.eval()


def export(module, inputs, path, names=None, outputs=None, axes=None, new=False, metadata=None):
    prepare(module, inputs)
    if new:
        torch.onnx.export(module, inputs, path, dynamo=True, external_data=False, verbose=False)
    else:
        torch.onnx.export(
            module, inputs, path, dynamo=False, opset_version=17, input_names=names, output_names=outputs,
            dynamic_axes=axes)
    if metadata:
        model = onnx.load(path)
        onnx.helper.set_model_props(model, metadata)
        onnx.save(model, path)


class Classifier(nn.Module):
    def __init__(self, channels=3, classes=5):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1)
        self.fc = nn.Linear(16, classes)

    def features(self, x):
        return F.max_pool2d(self.conv2(self.conv1(x).relu()).relu(), 2)

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))


class Lambda(nn.Module):
    def __init__(self, module, function):
        super().__init__()
        self.module, self.function = module, function

    def forward(self, *inputs):
        return self.function(self.module, *inputs)


# Inputs


@kind
def two_inputs(path):
    fc = nn.Linear(4, 5)
    net = Classifier()
    net.extra = fc
    export(Lambda(net, lambda m, x, meta: m(x) + m.extra(meta)), (torch.rand(1, 3, 32, 32), torch.rand(1, 4)), path,
           ["image", "meta"])
    return {"options": ["--feed", "meta=0.5"]}


@kind
def mask_before_picture(path):
    net = Classifier()
    export(Lambda(net, lambda m, mask, x: m(x * mask)), (torch.rand(1, 1, 32, 32), torch.rand(1, 3, 32, 32)), path,
           ["mask", "image"])
    return {"options": ["--input", "image", "--feed", "mask=1"]}


@kind
def batch_of_two(path):
    net = Classifier()
    net.fc = nn.Linear(16 * 16 * 16, 5)
    export(Lambda(net, lambda m, x: m.fc(m.features(x).reshape(2, -1))), (torch.rand(2, 3, 32, 32),), path)


@kind
def no_batch(path):
    export(Lambda(Classifier(), lambda m, x: m(x.unsqueeze(0))), (torch.rand(3, 32, 32),), path)


@kind
def bytes_without_batch(path):
    def run(m, x):
        return m((x.permute(2, 0, 1).unsqueeze(0).float() / 255))

    export(Lambda(Classifier(), run), (torch.randint(0, 255, (32, 32, 3), dtype=torch.uint8),), path)


@kind
def channels_last_grey_open(path):
    export(Lambda(Classifier(1), lambda m, x: m(x.permute(0, 3, 1, 2))), (torch.rand(1, 28, 28, 1),), path, ["x"],
           axes={"x": {0: "n", 1: "h", 2: "w"}})


@kind
def two_bands(path):
    export(Classifier(2), (torch.rand(1, 2, 32, 32),), path)
    return {"array": True}


@kind
def thirteen_bands(path):
    export(Classifier(13), (torch.rand(1, 13, 32, 32),), path)
    return {"array": True}


@kind
def size_48x320(path):
    net = Classifier()
    net.fc = nn.Linear(16 * 24 * 160, 5)
    export(Lambda(net, lambda m, x: m.fc(m.features(x).flatten(1))), (torch.rand(1, 3, 48, 320),), path)


# Signals and volumes


class Signal(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv1d(channels, 16, 9, stride=4)
        self.conv2 = nn.Conv1d(16, 16, 9, stride=2)
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        return self.fc(self.conv2(self.conv1(x).relu()).relu().mean(2))


@kind
def audio(path):
    export(Lambda(Signal(1), lambda m, x: m(x.unsqueeze(1))), (torch.rand(1, 4000),), path, ["wave"],
           axes={"wave": {0: "n", 1: "t"}})
    return {"array": True, "layer": "module.conv1:1"}


@kind
def ecg(path):
    export(Signal(12), (torch.rand(1, 12, 1000),), path)
    return {"array": True}


@kind
def accelerometer(path):
    export(Signal(3), (torch.rand(1, 3, 128),), path)
    return {"array": True}


@kind
def spectrogram(path):
    export(Lambda(Classifier(1), lambda m, x: m(x.unsqueeze(1))), (torch.rand(1, 80, 100),), path)


class Volume(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv3d(channels, 16, 3, padding=1)
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        return self.fc(self.conv1(x).relu().mean((2, 3, 4)))


@kind
def volume(path):
    export(Volume(1), (torch.rand(1, 1, 8, 24, 24),), path)
    return {"array": True}


@kind
def volume_open(path):
    export(Volume(1), (torch.rand(1, 1, 8, 24, 24),), path, ["scan"], axes={"scan": {0: "n", 2: "d", 3: "h", 4: "w"}})
    return {"array": True, "options": ["--slices", "10"]}


@kind
def film(path):
    export(Volume(3), (torch.rand(1, 3, 8, 24, 24),), path)
    return {"array": True}


@kind
def film_frames_first(path):
    export(Lambda(Volume(3), lambda m, x: m(x.transpose(1, 2))), (torch.rand(1, 8, 3, 24, 24),), path)
    return {"array": True}


# Names


class Folded(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        return self.fc(self.bn1(self.conv1(x)).relu().mean((2, 3)))


@kind
def folded_old(path):
    export(Folded(), (torch.rand(1, 3, 32, 32),), path)
    return {"layer": "bn1:1"}


@kind
def folded_new(path):
    export(Folded(), (torch.rand(1, 3, 32, 32),), path, new=True)
    return {"layer": "conv1:1"}


# Segmenters


@kind
def u_net(path):
    import segmentation_models_pytorch as smp

    export(smp.Unet("resnet18", encoder_weights=None, classes=4), (torch.rand(1, 3, 64, 64),), path)


@kind
def lraspp(path):
    import torchvision

    net = torchvision.models.segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None)
    export(Lambda(net, lambda m, x: m(x)["out"]), (torch.rand(1, 3, 64, 64),), path)
    return {"layer": None}


def transformer(config, model, path, run=None, size=64, names=None):
    """A model of transformers with random weights and the two files that Optimum leaves beside it."""
    import transformers

    config = getattr(transformers, config[0])(**config[1])
    net = getattr(transformers, model)(config)
    run = run or (lambda m, x: m(pixel_values=x).logits)
    export(Lambda(net, run), (torch.rand(1, 3, size, size),), path, ["pixel_values"], names)
    folder = pathlib.Path(path).parent
    config.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "do_normalize": True, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225],
        "do_rescale": True, "rescale_factor": 1 / 255, "size": {"height": size, "width": size}}))


SMALL = dict(hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128, image_size=64,
             patch_size=8)
ANIMALS = {0: "cat", 1: "dog", 2: "hen", 3: "owl", 4: "pig"}


@kind
def segformer(path):
    transformer(("SegformerConfig", dict(
        id2label=ANIMALS, hidden_sizes=[16, 32, 64, 64], depths=[1, 1, 1, 1], num_attention_heads=[1, 2, 2, 4],
        decoder_hidden_size=32)), "SegformerForSemanticSegmentation", path)
    return {"unit": "cat", "layer": None}


@kind
def vit(path):
    transformer(("ViTConfig", dict(id2label=ANIMALS, **SMALL)), "ViTForImageClassification", path)
    return {"unit": "cat", "layer": None}


@kind
def convnext(path):
    transformer(("ConvNextConfig", dict(id2label=ANIMALS, hidden_sizes=[16, 32, 32, 64], depths=[1, 1, 1, 1])),
                "ConvNextForImageClassification", path)
    return {"unit": "cat", "layer": None}


# Detectors of transformers


@kind
def yolos(path):
    transformer(("YolosConfig", dict(id2label=ANIMALS, num_detection_tokens=10, **{**SMALL, "image_size": [64, 64]})),
                "YolosForObjectDetection", path, lambda m, x: (lambda r: (r.logits, r.pred_boxes))(m(pixel_values=x)),
                names=["logits", "pred_boxes"])
    return {"unit": "cat", "layer": None}


# Embedders


@kind
def dinov2(path):
    transformer(("Dinov2Config", {k: v for k, v in SMALL.items() if k != "intermediate_size"}), "Dinov2Model", path,
                lambda m, x: (lambda r: (r.last_hidden_state, r.pooler_output))(m(pixel_values=x)),
                names=["last_hidden_state", "pooler_output"])
    return {"layer": None, "toward": True}


@kind
def clip_vision(path):
    transformer(("CLIPVisionConfig", dict(projection_dim=32, **SMALL)), "CLIPVisionModelWithProjection", path,
                lambda m, x: m(pixel_values=x).image_embeds)
    return {"layer": None, "toward": True}


@kind
def siglip_vision(path):
    transformer(("SiglipVisionConfig", dict(**SMALL)), "SiglipVisionModel", path,
                lambda m, x: m(pixel_values=x).pooler_output)
    return {"layer": None, "toward": True}


# Ultralytics


def ultralytics(path, config, **options):
    from ultralytics import YOLO

    torch.manual_seed(0)
    network = YOLO(config, verbose=False)
    for module in network.model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    # Without weights, classes are called by their numbers.
    network.model.names[0] = "plane" if "obb" in config else "person"
    made = network.export(format="onnx", imgsz=160, simplify=False, opset=17, verbose=False, **options)
    shutil.move(made, path)
    return {"unit": "person", "layer": None, "size": "160"}


@kind
def yolov3_tiny(path):
    return ultralytics(path, "yolov3-tiny.yaml")


@kind
def yolov5(path):
    return ultralytics(path, "yolov5n.yaml")


@kind
def yolov8(path):
    return ultralytics(path, "yolov8n.yaml")


@kind
def yolov10(path):
    return ultralytics(path, "yolov10n.yaml")


@kind
def yolo11(path):
    return ultralytics(path, "yolo11n.yaml")


@kind
def yolo11_open(path):
    return ultralytics(path, "yolo11n.yaml", dynamic=True)


@kind
def yolo12(path):
    return ultralytics(path, "yolo12n.yaml")


@kind
def yolo26(path):
    return ultralytics(path, "yolo26n.yaml")


@kind
def yolo11_segment(path):
    return ultralytics(path, "yolo11n-seg.yaml")


@kind
def yolo11_pose(path):
    return ultralytics(path, "yolo11n-pose.yaml")


@kind
def yolo11_turned_boxes(path):
    return {**ultralytics(path, "yolo11n-obb.yaml"), "unit": "plane"}


@kind
def yolo11_classify(path):
    return {**ultralytics(path, "yolo11n-cls.yaml"), "unit": "1"}


# What is seen


def run(*arguments, limit=120):
    start = time.time()
    try:
        done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return False, f"over {limit} s", limit
    lines = [line for line in (done.stdout + done.stderr).replace("\r", "\n").split("\n") if line.strip()]
    return done.returncode == 0, lines[-1] if lines else "", time.time() - start


def values(path, options):
    """The largest relative difference to ONNX Runtime of what `visualize verify` computes.

    Open axes of a name have one extent everywhere, those of a batch 1; what is fed is what `--feed` says.
    """
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path))
    random = np.random.default_rng(0)
    case = path.parent / "case" / "test_data_set_0"
    case.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, case.parent / "model.onnx")
    feeds, sizes = {}, {}
    said = dict(text.split("=") for text in options.get("options", []) if re.fullmatch(r"\w+=[-.\d]+", text))
    for entry in session.get_inputs():
        if entry.shape and isinstance(entry.shape[0], str):
            sizes[entry.shape[0]] = 1
    for place, entry in enumerate(session.get_inputs()):
        side = int(options.get("size", 160)) if len(entry.shape) < 5 else 12
        extents = [
            n if isinstance(n, int) else (1 if axis == 0 else sizes.setdefault(n, side))
            for axis, n in enumerate(entry.shape)]
        array = random.random(extents).astype(np.float32)
        if "int" in entry.type:
            whole = np.dtype(entry.type[7:-1])
            array = (array * (255 if whole == np.uint8 else 2)).astype(whole)
        if entry.name in said:
            array = np.full(extents, float(said[entry.name]), array.dtype)
        feeds[entry.name] = array
        (case / f"input_{place}.pb").write_bytes(onnx.numpy_helper.from_array(array, entry.name).SerializeToString())
    for place, (entry, array) in enumerate(zip(session.get_outputs(), session.run(None, feeds))):
        (case / f"output_{place}.pb").write_bytes(
            onnx.numpy_helper.from_array(np.asarray(array), entry.name).SerializeToString())
    done = subprocess.run([PROGRAM, "verify", str(case.parent)], capture_output=True, text=True)
    found = re.findall(r"^ +output \d+ +(\S+)", done.stdout, re.MULTILINE)
    if done.returncode != 0:
        return "**" + (done.stdout + done.stderr).strip().split("\n")[-1][:60] + "**"
    return max(found, key=float) if found else "agree"


def array(path):
    """A file of random numbers in the axes that the first input has."""
    import onnxruntime

    entry = onnxruntime.InferenceSession(str(path)).get_inputs()[0]
    extents = [n if isinstance(n, int) else (1, 400, 12, 20, 20)[axis] for axis, n in enumerate(entry.shape)]
    file = path.parent / "input.npy"
    np.save(file, np.random.default_rng(0).random(extents).astype(np.float32))
    return str(file)


def look(name, folder, photograph):
    path = folder / name / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    options = KINDS[name](str(path)) or {}
    more = ["--model", str(path), *options.get("options", [])]
    sized = ["--size", options["size"]] if "size" in options else []
    unit, layer = options.get("unit", "1"), options.get("layer")
    out = str(folder / name)
    cells = []

    def note(ok, text, seconds):
        cells.append(f"{seconds:.1f} s" if ok else f"**{text[:80]}**")

    note(*run("inspect", str(path), *options.get("options", [])))
    if options.get("listed"):
        return cells + ["–", "–", "–", values(path, options)]
    if unit is None:
        cells.append("–")
    elif options.get("toward"):
        note(*run("--toward", photograph, *more, "--steps", "8", "-o", f"{out}/unit.png", "--force"))
    else:
        note(*run("--unit", unit, *more, *sized, "--steps", "8", "-o", f"{out}/unit.png", "--force"))
    if layer is None:
        text = subprocess.run([PROGRAM, "inspect", str(path), "--json", *options.get("options", [])],
                              capture_output=True, text=True).stdout
        layers = json.loads(text)["layers"]
        own = [l["name"] for l in layers if l["name"].split(".")[-1] == "conv1"]
        maps = [l["name"] for l in layers if l.get("grid") and (l.get("channels") or 0) > 1]
        layer = f"{own[0]}:1" if own else f"{maps[len(maps) // 2]}:1" if maps else unit
    unit = unit or layer
    note(*run("--unit", layer, *more, *sized, "--steps", "8", "-o", f"{out}/layer.png", "--force"))
    if options.get("toward"):
        cells.append("–")
    else:
        shown = array(path) if options.get("array") else photograph
        note(*run("saliency", shown, "--unit", unit, *more, *sized, "-o", f"{out}/map.png", "--force"))
    try:
        cells.append(values(path, options))
    except Exception as error:
        cells.append(f"not compared: {str(error)[:40]}")
    return cells


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    photograph = os.environ.get("PHOTOGRAPH", str(pathlib.Path("Tests/Recordings/photographs").resolve()))
    if os.path.isdir(photograph):
        photograph = str(sorted(pathlib.Path(photograph).glob("*.[jp][pn]g"))[0])
    print("| file | inspect | unit | layer | saliency | values |\n| --- | --- | --- | --- | --- | --- |", flush=True)
    for name in sys.argv[2:] or KINDS:
        try:
            cells = look(name, folder, photograph)
        except Exception as error:
            cells = [f"not made: {str(error)[:80]}".replace("\n", " ")] + [""] * 4
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
