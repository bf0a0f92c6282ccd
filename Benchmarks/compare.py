"""This program against PyTorch, lucent, ONNX Runtime and OpenVINO, in one run, on the same networks with the same weights.

    python Benchmarks/compare.py --visualize .build/debug/visualize
        (torch torchvision torch-lucent onnx onnxscript onnxruntime openvino timm transformers)

Prints Markdown tables, the last ones those of `networks.py`, which runs by itself as well. A ratio is our time over theirs;
absolute times mean nothing on another machine, and neither does a run beside which something else runs.
"""
import argparse, contextlib, io, json, os, re, subprocess, sys, tempfile, time, warnings

warnings.filterwarnings("ignore")
import torch, torchvision

arguments = argparse.ArgumentParser()
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--steps", type=int, default=15)
arguments.add_argument("--only", default="")
arguments.add_argument("--skip-networks", action="store_true", help="only training, memory, start and galleries")
arguments.add_argument("--skip-others", action="store_true", help="only the networks of the first rows")
arguments.add_argument("--skip-tables", action="store_true", help="without the tables of networks.py")
arguments.add_argument("--avx2", action="store_true", help="the tables with everybody held to AVX2, too")
arguments.add_argument("--compile", action="store_true", help="torch.compile as well, for GoogLeNet and transformers")
arguments = arguments.parse_args()
arguments.visualize = os.path.abspath(arguments.visualize)
torch.set_num_threads(arguments.threads)

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


# Which of networks.py's are compiled by torch.compile.
TRANSFORMERS = "ConvNeXt-T,Swin-T,ViT-B/16,DeiT-S,CLIP ViT-B/32 (image),DINOv2 ViT-S/14"


def median(body, count):
    times = []
    for _ in range(count + 3):
        start = time.perf_counter()
        body()
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times[3:])[count // 2]


def ours(path, unit, threads=arguments.threads, size=224):
    command = [arguments.visualize, "bench", path, "--unit", unit, "--size", str(size), "--json",
               "--threads", str(threads), "--repeats", str(arguments.steps)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def lucents(model, objective):
    import lucent.optvis.param as param, lucent.optvis.render as render
    times = []
    for steps in (3, 3 + arguments.steps):
        start = time.perf_counter()
        render.render_vis(model, objective, param_f=lambda: param.image(224), thresholds=(steps,), progress=False, show_image=False)
        times.append(time.perf_counter() - start)
    return (times[1] - times[0]) / arguments.steps * 1e3


def process(command, **options):
    """Runs a command: seconds, peak of its memory in MB, what it wrote to stderr."""
    # The peak that a child of this large process would report is this process's; time's own child is spared it.
    start = time.perf_counter()
    result = subprocess.run(["/usr/bin/time", "-f", "peak %M", *command], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True, check=True, **options)
    seconds = time.perf_counter() - start
    return seconds, int(re.search(r"peak (\d+)\s*$", result.stderr).group(1)) / 1024, result.stderr


def export(model, path):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        torch.onnx.export(model, (torch.randn(1, 3, 224, 224),), path, dynamo=True, external_data=False,
                          opset_version=18, input_names=["input"], output_names=["output"])


def besides(name, unit, step):
    rest = step["stepMilliseconds"] - step["stepNetworkMilliseconds"]
    row(f"{name}: a step but for the network, {unit}", "the step", step["stepMilliseconds"], rest)


def rates(name, path):
    """What convolutions reach on one thread of the multiply-adds measured: the least, the most and the median of a kind."""
    result = ours(path, "281", threads=1)
    kinds = {}
    for kernel in result["kernels"]:
        found = re.match(r"conv (back )?(\d+)×\d+(/\d+)? (\d+)→(\d+)", kernel["name"])
        # What is too small to time is left out.
        if found and kernel["milliseconds"] > 0.1:
            back, size, stride = found.group(1) or "", int(found.group(2)), found.group(3) or ""
            kinds.setdefault((size, stride, back), []).append(kernel)
    for (size, stride, back), kernels in sorted(kinds.items()):
        share = [100 * k["gigaflops"] / result["peakGigaflops"] for k in kernels]
        print(f"| {name}: {back}{size}×{size}{stride} | {result['peakGigaflops']:.0f} GFLOP/s | {len(kernels)} kernels | "
              f"{min(share):.0f} to {max(share):.0f} %, median {sorted(share)[len(share) // 2]:.0f} % | |", flush=True)


def row(work, peer, theirs, our):
    print(f"| {work} | {peer} | {theirs:.1f} | {our:.1f} | {our / theirs:.2f} |", flush=True)


@contextlib.contextmanager
def network(name, make):
    """A network with random weights, its file, and its gradient of a logit by a picture."""
    torch.manual_seed(0)
    model = make().eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name + ".onnx")
        export(model, path)
        x = torch.randn(1, 3, 224, 224, requires_grad=True)
        yield model, path, lambda f=model: torch.autograd.grad(f(x)[:, 281].sum(), x)


def passes(name, peer, gradient, our):
    row(f"{name}: forward and gradient, logit", peer, median(gradient, arguments.steps), our["passesMilliseconds"])


def wanted(networks):
    chosen = arguments.only.split(",") if arguments.only else networks
    return [] if arguments.skip_networks else [name for name in networks if name in chosen]


print(f"torch {torch.__version__}, {arguments.threads} threads, batch 1, 224×224, medians of {arguments.steps}\n")
print("| work | peer | peer, ms | ours, ms | ratio |\n| --- | --- | --- | --- | --- |")
for name in wanted(NETWORKS):
    make, middle, logits = NETWORKS[name]
    with network(name, make) as (model, path, gradient):
        our = ours(path, "281")
        passes(name, "PyTorch eager", gradient, our)
        if name == "googlenet":
            with torch.autocast("cpu", dtype=torch.bfloat16):
                passes(name, "PyTorch bfloat16", gradient, our)
            if arguments.compile:
                compiled = torch.compile(model)
                passes(name, "torch.compile", lambda: gradient(compiled), our)
        try:
            row(f"{name}: a step of the ascent, logit", "lucent", lucents(model, f"{logits}:281"), our["stepMilliseconds"])
            middle_ours = ours(path, f"{middle}:10")
            row(f"{name}: a step of the ascent, {middle}", "lucent", lucents(model, f"{middle.replace('.', '_')}:10"), middle_ours["stepMilliseconds"])
            besides(name, "logit", our)
            besides(name, middle, middle_ours)
        except ImportError:
            pass
        if name in ("googlenet", "resnet18", "resnet50"):
            rates(name, path)

if arguments.skip_others:
    sys.exit()

# A step of training, and the memory for it: the architecture of everyday64-robust, batch 128, 64×64.
TRAINING = """
import sys, time, torch, torch.nn as nn
torch.set_num_threads(int(sys.argv[1]))
def unit(i, o, k, s=1, relu=True):
    return nn.Sequential(nn.Conv2d(i, o, k, s, 1, bias=False), nn.BatchNorm2d(o), *([nn.ReLU()] if relu else []))
class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.f = nn.Sequential(unit(c, c, 3), unit(c, c, 3, relu=False))
    def forward(self, x):
        return torch.relu(x + self.f(x))
net = nn.Sequential(unit(3, 32, 3), unit(32, 64, 4, 2), unit(64, 128, 4, 2), Residual(128), unit(128, 192, 4, 2),
                    Residual(192), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 71))
optimizer = torch.optim.SGD(net.parameters(), 0.1, 0.9, weight_decay=5e-4, nesterov=True)
loss = nn.CrossEntropyLoss(label_smoothing=0.05)
x, y, times = torch.rand(128, 3, 64, 64), torch.arange(128) % 71, []
for _ in range(12):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss(net(x), y).backward()
    optimizer.step()
    times.append(time.perf_counter() - start)
print("milliseconds", sorted(times[2:])[5] * 1e3, file=sys.stderr)
"""
with tempfile.TemporaryDirectory() as folder:
    for i in range(1300):
        place = os.path.join(folder, "data", "train" if i < 1280 else "val", str(i % 10))
        os.makedirs(place, exist_ok=True)
        torchvision.io.write_png((torch.rand(3, 64, 64) * 255).byte(), os.path.join(place, f"{i}.png"))
    _, memory, errors = process([sys.executable, "-c", TRAINING, str(arguments.threads)])
    theirs = float(re.search(r"milliseconds ([0-9.]+)", errors).group(1))
    _, our_memory, errors = process([
        arguments.visualize, "train", "--data", os.path.join(folder, "data"), "--epochs", "2",
        "--architecture", "resnet:32,64/2,128/2+1,192/2+1", "--threads", str(arguments.threads),
        "--output", os.path.join(folder, "out.onnx")])
    rate = float(re.search(r"([0-9.]+) pictures a second", errors).group(1))
    row("training, a step of 128 pictures", "PyTorch eager", theirs, 128e3 / rate)
    row("training, peak memory, MB", "PyTorch eager", memory, our_memory)

# Memory, start and galleries, on GoogLeNet.
PASSES = """
import sys, torch, torchvision
torch.set_num_threads(int(sys.argv[1]))
net = torchvision.models.googlenet(weights=None, init_weights=False, aux_logits=False, transform_input=False).eval()
x = torch.randn(1, 3, 224, 224, requires_grad=True)
for _ in range(8):
    torch.autograd.grad(net(x)[:, 281].sum(), x)
"""
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "googlenet.onnx")
    torch.manual_seed(0)
    export(NETWORKS["googlenet"][0]().eval(), path)
    def picture(unit, steps, threads):
        return process([arguments.visualize, "--model", path, "--unit", unit, "--steps", str(steps), "--size", "224",
                        "--threads", str(threads), "--force", "--output", os.path.join(folder, "picture.png")])
    memory = process([sys.executable, "-c", PASSES, str(arguments.threads)])[1]
    row("googlenet: peak memory, MB", "PyTorch, 8 gradients", memory, picture("281", 64, arguments.threads)[1])
    print(f"| googlenet: from start to end of a picture of 1 step, ms | | | {min(picture('281', 1, arguments.threads)[0] for _ in range(3)) * 1e3:.0f} | |")
    if sys.platform == "linux":
        library = os.path.join(folder, "allocations.so")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, os.path.join(os.path.dirname(__file__), "allocations.c")], check=True)
        def allocations(steps):
            command = [arguments.visualize, "--model", path, "--unit", "281", "--size", "224", "--steps", str(steps), "--force", "--output", os.path.join(folder, "picture.png")]
            errors = subprocess.run(command, env={**os.environ, "LD_PRELOAD": library}, check=True, capture_output=True, text=True).stderr
            return map(int, re.search(r"allocations (\d+) (\d+)", errors).groups())
        small, large = ((b - a) / 64 for a, b in zip(allocations(64), allocations(128)))
        print(f"| googlenet: allocations in a step | | | {abs(large):.0f} of 4 KiB and more, {small:.0f} smaller | |", flush=True)
    one = picture("inception4a:3", 128, 1)[0]
    with open(os.path.join(folder, "gallery.yaml"), "w") as file:
        file.write(f"title: Benchmark\nmodel: {path}\ndefaults: {{steps: 128, size: 224}}\npictures: ['inception4a:0-15']\n")
    gallery = process([arguments.visualize, "gallery", "gallery.yaml", "--output", os.path.join(folder, "out")], cwd=folder)[0]
    row("googlenet: gallery of 16 units, 2 cores, s", "16 × one unit, 1 core", 16 * one, gallery)
    # Neurons, batches and large pictures, each beside what they should cost.
    channel, neuron = (ours(path, unit)["passesMilliseconds"] for unit in ("inception4a:10", "inception4a:10@7,7"))
    row("googlenet: gradient of inception4a:10@7,7", "its channel", channel, neuron)
    single, masks = ours(path, "281")["forward"]["median"], 1024
    command = [arguments.visualize, "bench", path, "--unit", "281", "--size", "224", "--json", "--threads", str(arguments.threads),
               "--method", "rise", "--samples", str(masks)]
    together = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)[0]
    row("googlenet: forward of a masked picture, in batches", "alone", single, together["firstMilliseconds"] / masks)
    for unit in ("281", "inception3a:10"):
        small, large = (ours(path, unit, size=size)["passesMilliseconds"] for size in (256, 1024))
        row(f"googlenet: {unit} at 1024×1024", "16 × 256×256", 16 * small, large)
    command = [arguments.visualize, "--model", path, "--unit", "281", "--steps", "8", "--size", "1024", "--threads", str(arguments.threads),
               "--force", "--output", os.path.join(folder, "picture.png")]
    row("googlenet: peak memory of a picture of 1024×1024, MB", "goal", 1600, process(command)[1])

if not arguments.skip_tables:
    sys.stdout.flush()
    for more in [[], ["--isa", "avx2"]][:2 if arguments.avx2 else 1]:
        print()
        subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "networks.py"), "--visualize", arguments.visualize,
                        "--threads", str(arguments.threads), "--repeats", "7", *more,
                        *(["--compile", TRANSFORMERS] if arguments.compile and not more else [])], check=True)
