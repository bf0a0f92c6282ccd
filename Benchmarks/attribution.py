"""Attribution methods against Captum and pytorch-grad-cam, in one run, on the same networks with the same weights.

    python Benchmarks/attribution.py --visualize .build/debug/visualize        (torch torchvision captum grad-cam onnx onnxscript)

Prints a Markdown table of seconds a picture, without the start of either program, and of the peak of memory of either
process. A ratio is our time over theirs; absolute times mean nothing on another machine. RISE, which neither library
has, is its paper's in PyTorch, in batches of 8 without gradients. With `--share 10` RISE and KernelSHAP take a tenth of
their samples on both sides and ten times their time is shown: every sample costs the same.
"""
import argparse, contextlib, io, os, re, subprocess, sys, tempfile, time, warnings

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
# Our name: what both do, our options, how many pictures are timed.
METHODS = {
    "integrated-gradients": ("50 points", ["--steps", "50"], 4),
    "smoothgrad": ("25 samples", ["--samples", "25"], 4),
    "grad-cam": ("last layer", [], 16),
    "layer-cam": ("last layer", [], 16),
    "score-cam": ("all maps of the last layer", [], 1),
    "occlusion": ("15×15 pixels, stride 8", ["--window", "15", "--stride", "8"], 1),
    "rise": ("4,000 masks", ["--samples", str(4000 // arguments.share)], 1),
    "kernel-shap": ("1,000 coalitions of 49 cells", ["--samples", str(1000 // arguments.share), "--parts", "grid:7x7"], 1),
}
SAMPLED = {"rise", "kernel-shap"}
# Minutes each: no turn to warm up.
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
    """Runs a command: seconds, peak of its memory in MB, what it wrote to stderr."""
    start = time.perf_counter()
    result = subprocess.run(["/usr/bin/time", "-f", "peak %M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options)
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    seconds = time.perf_counter() - start
    return seconds, int(re.search(r"peak (\d+)\s*$", result.stderr).group(1)) / 1024, result.stderr


def theirs(method, name):
    _, memory, errors = process([sys.executable, __file__, "--peer", method, "--networks", name, "--threads", str(arguments.threads),
                                 "--share", str(arguments.share)])
    return float(re.search(r"seconds ([0-9.]+)", errors).group(1)), memory


def ours(method, options, count, model, folder):
    def run(pictures):
        return process([arguments.visualize, "saliency", *pictures, "--model", model, "--unit", "281", "--method", method,
                        "--format", "npy", "--threads", str(arguments.threads), "--output",
                        os.path.join(folder, "maps" if len(pictures) > 1 else "map.npy"), "--force", *options])
    start = 1 if method in LONG else 2
    pictures = [os.path.join(folder, f"{i}.png") for i in range(start + count)]
    # The first ones pay for the start and the plans; the others do not.
    first, memory, _ = run(pictures[:start])
    more, _, _ = run(pictures)
    return (more - first) / count, memory


if arguments.peer:
    explain, times = peer(arguments.peer, arguments.networks), []
    warm = 0 if arguments.peer in LONG else 1
    for i in range(warm + (8 if arguments.peer in {"grad-cam", "layer-cam"} else 1)):
        x, start = torch.rand(1, 3, 224, 224), time.perf_counter()
        explain(x)
        times.append(time.perf_counter() - start)
    print("seconds", sorted(times[warm:])[len(times[warm:]) // 2], file=sys.stderr)
    sys.exit()

print(f"torch {torch.__version__}, {arguments.threads} threads, 224×224\n")
print("| work | peer, s | ours, s | ratio | peer, MB | ours, MB |\n| --- | --- | --- | --- | --- | --- |")
chosen = arguments.only.split(",") if arguments.only else METHODS
with tempfile.TemporaryDirectory() as folder:
    for i in range(20):
        torchvision.io.write_png((torch.rand(3, 224, 224) * 255).byte(), os.path.join(folder, f"{i}.png"))
    for name in arguments.networks.split(","):
        path = os.path.join(folder, name + ".onnx")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            torch.onnx.export(make(name), (torch.randn(1, 3, 224, 224),), path, dynamo=True, external_data=False, opset_version=18,
                              input_names=["input"], output_names=["output"], dynamic_shapes=({0: torch.export.Dim("batch")},))
        for method in chosen:
            what, options, count = METHODS[method]
            their_time, their_memory = theirs(method, name)
            our_time, our_memory = ours(method, options, count, path, folder)
            if method in SAMPLED:
                their_time, our_time = their_time * arguments.share, our_time * arguments.share
            print(f"| {name}: {method}, {what} | {their_time:.2f} | {our_time:.2f} | {our_time / their_time:.2f} | "
                  f"{their_memory:.0f} | {our_memory:.0f} |", flush=True)
