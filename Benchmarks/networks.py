"""Networks of all kinds, with random weights: forward and gradient of a logit beside PyTorch, the forward pass alone
beside ONNX Runtime and OpenVINO, and bfloat16; in one run.

    python Benchmarks/networks.py --visualize .build/debug/visualize
        (torch torchvision timm transformers onnx onnxscript onnxruntime openvino)

Prints two Markdown tables; a roof is what the multiply-adds of both passes take by their definition at the rate that
the processor reaches. `--isa avx2` holds everybody to AVX2. `compare.py` runs this, too. Nothing else should run.
"""
import argparse, contextlib, io, json, os, subprocess, sys, tempfile, time, warnings

arguments = argparse.ArgumentParser()
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--repeats", type=int, default=9)
arguments.add_argument("--only", default="", help="names of networks, with commas between them")
arguments.add_argument("--isa", choices=["avx2"])
arguments.add_argument("--compile", default="", help="networks that are timed by torch.compile as well, with commas between them")
arguments = arguments.parse_args()
arguments.visualize = os.path.abspath(arguments.visualize)
if arguments.isa:
    os.environ.update(VISUALIZE_ISA="avx2", ATEN_CPU_CAPABILITY="avx2", ONEDNN_MAX_CPU_ISA="AVX2", DNNL_MAX_CPU_ISA="AVX2")

warnings.filterwarnings("ignore")
import numpy, onnxruntime, openvino, timm, torch, torchvision, transformers

torch.set_num_threads(arguments.threads)
M = torchvision.models


def with_head(model, head):
    """Where a library leaves the last weights 0, and with them every gradient."""
    torch.nn.init.normal_(head.weight, std=0.02)
    return model


def vit():
    model = M.vit_b_16(weights=None)
    return with_head(model, model.heads.head)


def deit():
    model = timm.create_model("deit_small_patch16_224", pretrained=False)
    return with_head(model, model.head)


class Clip(torch.nn.Module):
    """The image tower of CLIP ViT-B/32."""

    def __init__(self):
        super().__init__()
        self.tower = transformers.CLIPVisionModelWithProjection(transformers.CLIPVisionConfig(projection_dim=512))

    def forward(self, x):
        return self.tower(x).image_embeds


NETWORKS = {
    "GoogLeNet": lambda: M.googlenet(weights=None, init_weights=False, aux_logits=False, transform_input=False),
    "SqueezeNet 1.1": lambda: M.squeezenet1_1(weights=None),
    "MobileNetV2": lambda: M.mobilenet_v2(weights=None),
    "MobileNetV3 (large)": lambda: M.mobilenet_v3_large(weights=None),
    "EfficientNet-B0": lambda: M.efficientnet_b0(weights=None),
    "ResNet-18": lambda: M.resnet18(weights=None),
    "ResNet-50": lambda: M.resnet50(weights=None),
    "VGG-16": lambda: M.vgg16(weights=None),
    "DenseNet-121": lambda: M.densenet121(weights=None),
    "ConvNeXt-T": lambda: M.convnext_tiny(weights=None),
    "Swin-T": lambda: M.swin_t(weights=None),
    "ViT-B/16": vit,
    "DeiT-S": deit,
    "CLIP ViT-B/32 (image)": Clip,
    "DINOv2 ViT-S/14": lambda: timm.create_model("vit_small_patch14_dinov2", pretrained=False, img_size=224),
}


def median(body):
    times = []
    for _ in range(arguments.repeats + 2):
        start = time.perf_counter()
        body()
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times[2:])[arguments.repeats // 2]


def ours(path, precision):
    command = [arguments.visualize, "bench", path, "--unit", "281", "--size", "224", "--json", "--precision", precision,
               "--threads", str(arguments.threads), "--repeats", str(arguments.repeats)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        return None
    result = json.loads(result.stdout)
    roof = sum(kernel["gigaflops"] * kernel["milliseconds"] for kernel in result["kernels"]) / result["peakGigaflops"]
    return result["passes"]["median"], result["forward"]["median"], roof


def runtime(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    x = {"input": numpy.random.rand(1, 3, 224, 224).astype(numpy.float32)}
    return median(lambda: session.run(None, x))


def vino(path, precision):
    core = openvino.Core()
    settings = {"INFERENCE_NUM_THREADS": arguments.threads, "INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    request = core.compile_model(path, "CPU", settings).create_infer_request()
    x = numpy.random.rand(1, 3, 224, 224).astype(numpy.float32)
    return median(lambda: request.infer([x]))


def cells(*values):
    return " | ".join("" if value is None else f"{value:.1f}" if value >= 10 else f"{value:.2f}" for value in values)


print(f"torch {torch.__version__}, onnxruntime {onnxruntime.__version__}, openvino {openvino.__version__.split('-')[0]}, "
      f"{arguments.threads} threads, batch 1, 224×224, medians of {arguments.repeats}{', AVX2' if arguments.isa else ''}\n")
rows = []
chosen = arguments.only.split(",") if arguments.only else NETWORKS
for name in chosen:
    torch.manual_seed(0)
    model = NETWORKS[name]().eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    x = torch.randn(1, 3, 224, 224, requires_grad=True)
    gradient = lambda f=model: torch.autograd.grad(f(x)[:, 281].sum(), x)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "network.onnx")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            torch.onnx.export(model, (torch.randn(1, 3, 224, 224),), path, dynamo=True, external_data=False,
                              opset_version=18, input_names=["input"], output_names=["output"])
        eager = median(gradient)
        compiled = median(lambda f=torch.compile(model): gradient(f)) if name in arguments.compile.split(",") else None
        single, half = ours(path, "float32"), None if arguments.isa else ours(path, "bfloat16")
        forwards = runtime(path), vino(path, "f32"), None if arguments.isa else vino(path, "bf16")
    rows.append((name, eager, compiled, single, half, forwards))
    print(f"{name} …", file=sys.stderr, flush=True)

print("| forward and gradient | PyTorch eager, ms | `torch.compile` | ours | over eager | over compiled | roof | over eager | bfloat16 | over ours |")
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
for name, eager, compiled, single, half, _ in rows:
    print(f"| {name} | {cells(eager, compiled, single[0], single[0] / eager, compiled and single[0] / compiled, single[2], single[2] / eager, half and half[0], half and half[0] / single[0])} |")
print("\n| forward alone | ONNX Runtime, ms | OpenVINO | ours | over the faster | our gradient over OpenVINO's forward | "
      "OpenVINO bfloat16 | our bfloat16 gradient over it |")
print("| --- | --- | --- | --- | --- | --- | --- | --- |")
for name, _, _, single, half, (ort, ov, ov_half) in rows:
    print(f"| {name} | {cells(ort, ov, single[1], single[1] / min(ort, ov), single[0] / ov, ov_half, half and half[0] / ov_half)} |")
