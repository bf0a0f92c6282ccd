"""This program against PyTorch and lucent, in one run, on the same networks with the same weights.

    python Benchmarks/compare.py --visualize .build/debug/visualize        (torch torchvision torch-lucent onnx onnxscript)

Prints a Markdown table. A ratio is our time over theirs; absolute times mean nothing on another machine,
and neither does a run beside which something else runs.
"""
import argparse, contextlib, io, json, os, subprocess, tempfile, time, warnings

warnings.filterwarnings("ignore")
import torch, torchvision

arguments = argparse.ArgumentParser()
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--steps", type=int, default=15)
arguments.add_argument("--only", default="")
arguments.add_argument("--compile", action="store_true", help="torch.compile as well, for GoogLeNet")
arguments = arguments.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)

# Name: constructor, mid-layer module, lucent's name of the logits' layer.
M = torchvision.models
NETWORKS = {
    "googlenet": (lambda: M.googlenet(weights=None, init_weights=False, aux_logits=False, transform_input=False), "inception4a", "fc"),
    "resnet18": (lambda: M.resnet18(weights=None), "layer3", "fc"),
    "resnet50": (lambda: M.resnet50(weights=None), "layer3", "fc"),
    "squeezenet1_1": (lambda: M.squeezenet1_1(weights=None), "features.8", "classifier_1"),
    "mobilenet_v2": (lambda: M.mobilenet_v2(weights=None), "features.10", "classifier_1"),
    "vgg16": (lambda: M.vgg16(weights=None), "features.21", "classifier_6"),
}


def median(body, count):
    times = []
    for _ in range(count + 3):
        start = time.perf_counter()
        body()
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times[3:])[count // 2]


def ours(path, unit):
    command = [arguments.visualize, "bench", path, "--unit", unit, "--size", "224", "--json",
               "--threads", str(arguments.threads), "--repeats", str(arguments.steps)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def lucents(model, objective):
    import lucent.optvis.param as param, lucent.optvis.render as render
    times = []
    for steps in (3, 3 + arguments.steps):
        start = time.perf_counter()
        render.render_vis(model, objective, param_f=lambda: param.image(224), thresholds=(steps,), progress=False, show_image=False)
        times.append(time.perf_counter() - start)
    return (times[1] - times[0]) / arguments.steps * 1e3


def row(work, peer, theirs, our):
    print(f"| {work} | {peer} | {theirs:.1f} | {our:.1f} | {our / theirs:.2f} |", flush=True)


print(f"torch {torch.__version__}, {arguments.threads} threads, batch 1, 224×224, medians of {arguments.steps}\n")
print("| work | peer | peer, ms | ours, ms | ratio |\n| --- | --- | --- | --- | --- |")
for name, (make, middle, logits) in NETWORKS.items():
    if arguments.only and name not in arguments.only.split(","):
        continue
    model = make().eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name + ".onnx")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            torch.onnx.export(model, (torch.randn(1, 3, 224, 224),), path, dynamo=True, external_data=False,
                              opset_version=18, input_names=["input"], output_names=["output"])
        x = torch.randn(1, 3, 224, 224, requires_grad=True)
        gradient = lambda f=model: torch.autograd.grad(f(x)[:, 281].sum(), x)
        our = ours(path, "281")
        row(f"{name}: forward and gradient, logit", "PyTorch eager", median(gradient, arguments.steps), our["passesMilliseconds"])
        if name == "googlenet":
            with torch.autocast("cpu", dtype=torch.bfloat16):
                row(f"{name}: forward and gradient, logit", "PyTorch bfloat16", median(gradient, arguments.steps), our["passesMilliseconds"])
            if arguments.compile:
                compiled = torch.compile(model)
                row(f"{name}: forward and gradient, logit", "torch.compile", median(lambda: gradient(compiled), arguments.steps), our["passesMilliseconds"])
        try:
            row(f"{name}: a step of the ascent, logit", "lucent", lucents(model, f"{logits}:281"), our["stepMilliseconds"])
            middle_ours = ours(path, f"{middle}:10")
            row(f"{name}: a step of the ascent, {middle}", "lucent", lucents(model, f"{middle.replace('.', '_')}:10"), middle_ours["stepMilliseconds"])
        except ImportError:
            pass
