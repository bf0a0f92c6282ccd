"""Seconds that xplique takes to explain a picture, for the rows of `attribution.py`.

    python Benchmarks/xplique_times.py --only grad-cam,smoothgrad        (tensorflow-cpu xplique)

The network is Keras's ResNet-50 with random weights, 224×224, which strides in other convolutions than torchvision's but
has as many multiplications to a few percent; xplique has no GoogLeNet at hand. With `--share 10` RISE and KernelSHAP take
a tenth of their samples and ten times their time is shown.
"""
import argparse, os, time

arguments = argparse.ArgumentParser()
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--only", default="integrated-gradients,smoothgrad,grad-cam,occlusion,rise,kernel-shap")
arguments.add_argument("--share", type=int, default=1)
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
picture = np.random.rand(1, 224, 224, 3).astype("float32")
target = tf.one_hot([281], 1000)
print(f"xplique {xplique.__version__}, TensorFlow {tf.__version__}, {arguments.threads} threads\n")
print("| work | first, s | next, s |\n| --- | --- | --- |")
for name in arguments.only.split(","):
    make, share = METHODS[name]
    explain, times = make(), []
    for _ in range(2 if name in {"occlusion", "rise", "kernel-shap"} else 3):
        start = time.perf_counter()
        np.asarray(explain(picture, target))
        times.append((time.perf_counter() - start) * share)
    print(f"| {name} | {times[0]:.2f} | {sorted(times[1:])[len(times[1:]) // 2]:.2f} |", flush=True)
