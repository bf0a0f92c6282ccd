"""Processor seconds of explanations beside Captum and pytorch-grad-cam, one thread each: a comparison that other programs on
the machine disturb less than times by the clock.

    python Benchmarks/attribution_cpu.py --picture cat.png googlenet=googlenet.onnx resnet50=resnet50.onnx

Files as `attribution.py` exports them. Theirs is the call alone, on a share of the samples (8 points, 5 noisy copies) and
scaled; ours what a program takes for 30 less what it takes for 5, scaled, and for Grad-CAM 45 calls less 5.
"""
import argparse, os, resource, subprocess, tempfile, time, warnings

warnings.filterwarnings("ignore")
arguments = argparse.ArgumentParser()
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--picture", required=True)
arguments.add_argument("networks", nargs="+", help="NAME=FILE.onnx of googlenet and resnet50")
arguments = arguments.parse_args()

import torch, torchvision, captum.attr as captum, pytorch_grad_cam
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

torch.set_num_threads(1)
models = {"googlenet": lambda: torchvision.models.googlenet(weights=None, init_weights=False, aux_logits=False, transform_input=False),
          "resnet50": lambda: torchvision.models.resnet50(weights=None)}


def theirs(name):
    model, x = models[name]().eval(), torch.rand(1, 3, 224, 224)
    gradients, noise = captum.IntegratedGradients(model), captum.NoiseTunnel(captum.Saliency(model))
    cam = pytorch_grad_cam.GradCAM(model=model, target_layers=[model.inception5b if name == "googlenet" else model.layer4[-1]])
    calls = {
        "integrated-gradients": (50 / 8, lambda: gradients.attribute(x, target=281, n_steps=8, internal_batch_size=8)),
        "smoothgrad": (5, lambda: noise.attribute(x, target=281, nt_type="smoothgrad", nt_samples=5, nt_samples_batch_size=5,
                                                  stdevs=0.15, abs=False)),
        "grad-cam": (1, lambda: cam(input_tensor=x, targets=[ClassifierOutputTarget(281)])),
    }
    for method, (scale, call) in calls.items():
        times = []
        for _ in range(4):
            start = time.process_time()
            call()
            times.append((time.process_time() - start) * scale)
        yield method, sorted(times[1:])[1]


def processor(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([arguments.visualize, *command, "--unit", "281", "--threads", "1"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(method, file, folder):
    if method == "grad-cam":
        few, many = (processor("bench", file, "--method", method, "--repeats", str(count)) for count in (5, 45))
        return (many - few) / 40
    option, whole = ("--steps", 50) if method == "integrated-gradients" else ("--samples", 25)
    few, many = (processor("saliency", arguments.picture, "--model", file, "--method", method, option, str(count), "--format", "npy",
                           "--output", os.path.join(folder, "map.npy"), "--force") for count in (5, 30))
    return (many - few) / 25 * whole


print("| work | peer, s | ours, s | ratio |\n| --- | --- | --- | --- |")
with tempfile.TemporaryDirectory() as folder:
    for name, file in (network.split("=", 1) for network in arguments.networks):
        for method, peer in theirs(name):
            own = ours(method, file, folder)
            print(f"| {name}: {method} | {peer:.2f} | {own:.3f} | {own / peer:.2f} |", flush=True)
