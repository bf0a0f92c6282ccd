"""Attribution methods against Captum and pytorch-grad-cam, in one run, on the same networks with the same weights.

    python Benchmarks/attribution.py --visualize .build/debug/visualize        (torch torchvision captum grad-cam onnx onnxscript)

Prints a Markdown table of seconds a picture: the bare call on a network that is loaded (the first call, which plans or
compiles, and the median of those after it; ours is `visualize bench --method`), the whole program (`visualize saliency`
beside a script that imports, builds the network, explains and ends), and the peak of memory of either. A ratio is our time
over theirs; absolute times mean nothing on another machine. RISE, which neither library has, is its paper's in PyTorch, in
batches of 8 without gradients. With `--share 10` the methods of many samples take a tenth of them on both sides (of the
passes, not of what comes before) and ten times their time is shown: every sample costs the same.
"""
import argparse, contextlib, io, json, os, re, subprocess, sys, tempfile, time, warnings

warnings.filterwarnings("ignore")
arguments = argparse.ArgumentParser()
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--networks", default="googlenet,resnet50")
arguments.add_argument("--only", default="", help="methods, by the names of this program")
arguments.add_argument("--share", type=int, default=1, help="what part of their samples RISE and KernelSHAP take: one in so many")
arguments.add_argument("--peer", default="", help="a method of a peer, timed in this process; for the script itself")
arguments = arguments.parse_args()
arguments.visualize = os.path.abspath(arguments.visualize)

import torch, torchvision

torch.set_num_threads(arguments.threads)
NETWORKS = {
    "googlenet": (lambda: torchvision.models.googlenet(weights=None, init_weights=False, aux_logits=False, transform_input=False),
                  lambda model: model.inception5b),
    "resnet50": (lambda: torchvision.models.resnet50(weights=None), lambda model: model.layer4[-1]),
}
# Our name: what both do, our options.
METHODS = {
    "integrated-gradients": ("50 points", ["--steps", "50"]),
    "smoothgrad": ("25 samples", ["--samples", "25"]),
    "grad-cam": ("last layer", []),
    "layer-cam": ("last layer", []),
    "score-cam": ("all maps of the last layer", []),
    "occlusion": ("15×15 pixels, stride 8", ["--window", "15", "--stride", "8"]),
    "rise": ("4,000 masks", ["--samples", str(4000 // arguments.share)]),
    "kernel-shap": ("1,000 coalitions of 49 cells", ["--samples", str(1000 // arguments.share), "--parts", "grid:7x7"]),
}
SAMPLED = {"rise", "kernel-shap"}
QUICK = {"grad-cam", "layer-cam"}
# Minutes each: one call.
LONG = {"score-cam", "occlusion", "rise", "kernel-shap"}


def make(name):
    torch.manual_seed(0)
    return NETWORKS[name][0]().eval()


def cells(count):
    place = torch.arange(224) * count // 224
    return (place[:, None] * count + place[None]).reshape(1, 1, 224, 224)


def rise(model, x, count=4000, size=7):
    cell, total = -(-224 // size), torch.zeros(224, 224)
    with torch.no_grad():
        for _ in range(count // 8):
            grids = (torch.rand(8, 1, size, size) < 0.5).float()
            masks = torch.nn.functional.interpolate(grids, size=((size + 1) * cell,) * 2, mode="bilinear")
            masks = torch.stack([m[:, dy:dy + 224, dx:dx + 224] for m, (dy, dx) in zip(masks, torch.randint(0, cell, (8, 2)))])
            total += (model(x * masks)[:, 281, None, None] * masks[:, 0]).sum(0)
    return total / count / 0.5


def peer(method, name):
    """A function of a picture."""
    import captum.attr as captum
    model = make(name)
    if method == "integrated-gradients":
        integrated = captum.IntegratedGradients(model)
        return lambda x: integrated.attribute(x, target=281, n_steps=50, internal_batch_size=8)
    if method == "smoothgrad":
        noise = captum.NoiseTunnel(captum.Saliency(model))
        return lambda x: noise.attribute(x, target=281, nt_type="smoothgrad", nt_samples=25, nt_samples_batch_size=5, stdevs=0.15, abs=False)
    if method == "occlusion":
        occlusion = captum.Occlusion(model)
        return lambda x: occlusion.attribute(x, (3, 15, 15), strides=(3, 8, 8), target=281, perturbations_per_eval=8)
    if method == "kernel-shap":
        shap = captum.KernelShap(model)
        return lambda x: shap.attribute(x, target=281, feature_mask=cells(7), n_samples=1000 // arguments.share, perturbations_per_eval=8)
    if method == "rise":
        return lambda x: rise(model, x, 4000 // arguments.share)
    import pytorch_grad_cam as cam
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
    kind = {"grad-cam": cam.GradCAM, "layer-cam": cam.LayerCAM, "score-cam": cam.ScoreCAM}[method]
    map_of = kind(model=model, target_layers=[NETWORKS[name][1](model)])
    return lambda x: map_of(input_tensor=x, targets=[ClassifierOutputTarget(281)])


def process(command, **options):
    """Runs a command: seconds, peak of its memory in MB, what it wrote to stderr and to stdout."""
    start = time.perf_counter()
    result = subprocess.run(["/usr/bin/time", "-f", "peak %M", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    seconds = time.perf_counter() - start
    return seconds, int(re.search(r"peak (\d+)\s*$", result.stderr).group(1)) * 1024 / 1e6, result.stderr, result.stdout


def theirs(method, name):
    """Seconds of the first call, of the next ones, of the whole script; the peak of its memory in MB."""
    whole, memory, errors, _ = process([sys.executable, __file__, "--peer", method, "--networks", name, "--threads",
                                     str(arguments.threads), "--share", str(arguments.share)])
    calls = [float(text) for text in re.search(r"calls ([0-9. ]+)", errors).group(1).split()]
    # A script that explains one picture ends after the first call.
    return calls[0], median(calls[1:] or calls), whole - sum(calls[1:]), memory


def ours(method, options, model, folder):
    common = ["--unit", "281", "--method", method, "--threads", str(arguments.threads), *options]
    whole, memory, _, output = process([arguments.visualize, "bench", model, *common, "--repeats", "8", "--json"])
    times = json.loads(output)[0]
    # What takes minutes does so once.
    whole = None
    if method not in LONG:
        whole, memory, _, _ = process([arguments.visualize, "saliency", os.path.join(folder, "0.png"), "--model", model, *common,
                                       "--format", "npy", "--output", os.path.join(folder, "map.npy"), "--force"])
    first = times["firstMilliseconds"] / 1000
    return first, times["next"]["median"] / 1000 if "next" in times else first, whole, memory


def median(times):
    return sorted(times)[len(times) // 2]


if arguments.peer:
    explain, times = peer(arguments.peer, arguments.networks), []
    for _ in range(1 if arguments.peer in LONG else 9 if arguments.peer in QUICK else 3):
        x, start = torch.rand(1, 3, 224, 224), time.perf_counter()
        explain(x)
        times.append(time.perf_counter() - start)
    print("calls", *times, file=sys.stderr)
    sys.exit()

print(f"torch {torch.__version__}, {arguments.threads} threads, 224×224\n")
print("| work | peer: first | next | script | ours: first | next | command | ratio: first | next | whole | peer, MB | ours, MB |")
print("| --- |" + " --- |" * 11)
chosen = arguments.only.split(",") if arguments.only else METHODS
with tempfile.TemporaryDirectory() as folder:
    torchvision.io.write_png((torch.rand(3, 224, 224) * 255).byte(), os.path.join(folder, "0.png"))
    for name in arguments.networks.split(","):
        path = os.path.join(folder, name + ".onnx")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            torch.onnx.export(make(name), (torch.randn(1, 3, 224, 224),), path, dynamo=True, external_data=False, opset_version=18,
                              input_names=["input"], output_names=["output"], dynamic_shapes=({0: torch.export.Dim("batch")},))
        for method in chosen:
            what, options = METHODS[method]
            their, our = theirs(method, name), ours(method, options, path, folder)
            if method in SAMPLED:
                their, our = ([times[0] * arguments.share, times[1] * arguments.share, None, times[3]] for times in (their, our))
            ratios = [a / b if a and b else None for a, b in zip(our[:3], their[:3])]
            cells = ["–" if number is None else f"{number:.2f}" for number in (*their[:3], *our[:3], *ratios)]
            print(f"| {name}: {method}, {what} | {' | '.join(cells)} | {their[3]:.0f} | {our[3]:.0f} |", flush=True)
