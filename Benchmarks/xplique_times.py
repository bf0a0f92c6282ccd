"""Seconds that xplique takes to explain a picture, for the rows of `attribution.py`.

    python Benchmarks/xplique_times.py --only grad-cam,smoothgrad        (xplique)

The network is Keras's ResNet-50 with random weights, 224×224, which strides in other convolutions than torchvision's but
has as many multiplications to a few percent; xplique has no GoogLeNet at hand. With `--model resnet50.onnx` ours are timed
beside them (`visualize bench --method`, torchvision's network). With `--share 10` RISE and KernelSHAP take a tenth of their
samples and ten times their time is shown.
"""
import argparse, json, os, subprocess, time

arguments = argparse.ArgumentParser()
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--only", default="integrated-gradients,smoothgrad,grad-cam,occlusion,rise,kernel-shap")
arguments.add_argument("--share", type=int, default=1)
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--model", help="the ONNX file of our ResNet-50")
arguments = arguments.parse_args()

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import numpy as np, tensorflow as tf, xplique
from xplique import attributions as methods

tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(0)
model = tf.keras.applications.ResNet50(weights=None, classifier_activation=None)


def cells(picture):
    place = tf.range(224) * 7 // 224
    return place[:, None] * 7 + place[None]


METHODS = {
    "integrated-gradients": (lambda: methods.IntegratedGradients(model, steps=50, batch_size=8), 1),
    "smoothgrad": (lambda: methods.SmoothGrad(model, nb_samples=25, noise=0.15, batch_size=5), 1),
    "grad-cam": (lambda: methods.GradCAM(model), 1),
    "occlusion": (lambda: methods.Occlusion(model, patch_size=15, patch_stride=8, batch_size=8), 1),
    "rise": (lambda: methods.Rise(model, nb_samples=4000 // arguments.share, grid_size=7, batch_size=8), arguments.share),
    "kernel-shap": (lambda: methods.KernelShap(model, nb_samples=1000 // arguments.share, map_to_interpret_space=cells,
                                               batch_size=8), arguments.share),
}
OPTIONS = {
    "integrated-gradients": ["--steps", "50"],
    "smoothgrad": ["--samples", "25"],
    "grad-cam": [],
    "occlusion": ["--window", "15", "--stride", "8"],
    "rise": ["--samples", str(4000 // arguments.share)],
    "kernel-shap": ["--samples", str(1000 // arguments.share), "--parts", "grid:7x7"],
}


def ours(name, repeats):
    """Seconds of the first call and of the next ones."""
    output = subprocess.run(
        [arguments.visualize, "bench", arguments.model, "--unit", "281", "--method", name, "--threads", str(arguments.threads),
         *OPTIONS[name], "--repeats", str(repeats), "--json"], capture_output=True, text=True, check=True).stdout
    times = json.loads(output)[0]
    first = times["firstMilliseconds"] / 1000
    return first, times["next"]["median"] / 1000 if "next" in times else first


picture = np.random.rand(1, 224, 224, 3).astype("float32")
target = tf.one_hot([281], 1000)
print(f"xplique {xplique.__version__}, TensorFlow {tf.__version__}, {arguments.threads} threads\n")
heads = ["work", "xplique: first, s", "next"] + (["ours: first", "next", "ratio: first", "next"] if arguments.model else [])
print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
for name in arguments.only.split(","):
    make, share = METHODS[name]
    explain, times = make(), []
    repeats = 2 if name in {"occlusion", "rise", "kernel-shap"} else 3
    for _ in range(repeats):
        start = time.perf_counter()
        np.asarray(explain(picture, target))
        times.append((time.perf_counter() - start) * share)
    row = [times[0], sorted(times[1:])[len(times[1:]) // 2]]
    if arguments.model:
        mine = [seconds * share for seconds in ours(name, repeats)]
        row += mine + [own / peer for own, peer in zip(mine, row)]
    print(f"| {name} | {' | '.join(f'{cell:.2f}' for cell in row)} |", flush=True)
