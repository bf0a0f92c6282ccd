#!/usr/bin/env python3
"""Writes a golden case of every family of classifiers in torchvision and timm, for `visualize verify`:

    python3 -m venv VENV && VENV/bin/pip install torch torchvision timm open_clip_torch onnx onnxscript
    VENV/bin/python Tests/Conformance/zoo.py FOLDER [NAME …]
    visualize verify FOLDER/*

A case is a folder `FOLDER/resnet18.dynamo` with the exported model, its output for a random picture, the
gradient of a logit with respect to the picture, and the activation and gradients of one block. NAMEs leave
only the models of those names. Weights are random, none zero; batch norms are fitted to random pictures.

A gradient jumps where a rectifier's input is zero but for rounding, and a network with millions of them
has some at any picture. So pictures are small where a network allows it, and each is one of ten: that
whose gradient, as PyTorch has it, changes least when every pixel is disturbed by 3e-7. That change is
printed: where it is large, programs that round otherwise differ by as much.
"""

import importlib
import pathlib
import sys

import torch
import torchvision.models as tv

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Examples"))
golden = importlib.import_module("write-golden-case")

EXPORTERS = {"dynamo": ("dynamo", 18), "torchscript": ("torchscript", 17)}
OPSETS = {
    "resnet18": {"opset9": ("torchscript", 9), "opset11": ("torchscript", 11)},
    "mobilenet_v2": {"opset7": ("torchscript", 7)},
    "vit_tiny_patch16_224": {"opset23": ("dynamo", 23)},
}


# Rounding grows from layer to layer where batch norms centre what random weights make, by 100 times and more
# in these; they take away half of the mean.
HALF_CENTERED = {
    "densenet121", "googlenet", "inception_v3", "inception_v4", "resnext50_32x4d",
    "shufflenet_v2_x1_0", "vgg11_bn", "wide_resnet50_2",
}


class UNet(torch.nn.Module):
    """An encoder–decoder with both ways to enlarge."""

    def __init__(self):
        super().__init__()

        def block(channels, filters):
            return torch.nn.Sequential(
                torch.nn.Conv2d(channels, filters, 3, padding=1),
                torch.nn.BatchNorm2d(filters),
                torch.nn.ReLU(),
            )

        self.down1, self.down2, self.middle = block(3, 16), block(16, 32), block(32, 64)
        self.up2, self.decode2 = torch.nn.ConvTranspose2d(64, 32, 2, stride=2), block(64, 32)
        self.up1, self.decode1 = torch.nn.Upsample(scale_factor=2, mode="bilinear"), block(48, 16)
        self.pool, self.head = torch.nn.MaxPool2d(2), torch.nn.Conv2d(16, 5, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(self.pool(a))
        y = self.decode2(torch.cat([self.up2(self.middle(self.pool(b))), b], 1))
        return self.head(self.decode1(torch.cat([self.up1(y), a], 1)))


class Segmentation(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x)["out"]


def torchvision(name):
    options = {"googlenet": {"init_weights": False, "aux_logits": False}}
    options["inception_v3"] = options["googlenet"]
    return lambda: tv.get_model(name, weights=None, **options.get(name, {}))


def timm(name):
    def make():
        import timm

        return timm.create_model(name, pretrained=False)

    return make


def clip(name):
    def make():
        import open_clip

        return open_clip.create_model(name, pretrained=None).visual

    return make


def segmentation(name):
    return lambda: Segmentation(tv.get_model(name, weights=None, weights_backbone=None))


# Name, what makes it, the side of its pictures, a block.
MODELS = [
    ("alexnet", torchvision, 224, "features"),
    ("vgg11_bn", torchvision, 224, "features.10"),
    ("resnet18", torchvision, 96, "layer3.0"),
    ("resnet50", torchvision, 96, "layer3.0"),
    ("resnext50_32x4d", torchvision, 96, "layer2.1"),
    ("wide_resnet50_2", torchvision, 96, "layer2"),
    ("densenet121", torchvision, 96, "features.denseblock1"),
    ("googlenet", torchvision, 96, "inception4a"),
    ("inception_v3", torchvision, 96, "Mixed_5b"),
    ("inception_v4", timm, 96, "features.6"),
    ("squeezenet1_0", torchvision, 96, "features.5"),
    ("shufflenet_v2_x1_0", torchvision, 96, "stage2.0"),
    ("mobilenetv1_100", timm, 96, "blocks.2"),
    ("mobilenet_v2", torchvision, 96, "features.5"),
    ("mobilenet_v3_small", torchvision, 96, "features.4"),
    ("mnasnet0_5", torchvision, 96, "layers.9"),
    ("efficientnet_b0", torchvision, 96, "features.3"),
    ("efficientnet_v2_s", torchvision, 96, "features.2"),
    ("regnet_y_400mf", torchvision, 96, "trunk_output.block2"),
    ("convnext_tiny", torchvision, 96, "features.3"),
    ("resnetv2_50", timm, 96, "stages.1.blocks.0"),
    ("nfnet_f0", timm, 96, "stages.1"),
    ("vit_b_32", torchvision, 224, "encoder.layers.encoder_layer_3"),
    ("vit_tiny_patch16_224", timm, 224, "blocks.3"),
    ("deit_tiny_distilled_patch16_224", timm, 224, "blocks.3"),
    ("swin_t", torchvision, 224, "features.3"),
    ("swin_v2_t", torchvision, 224, "features.3"),
    ("maxvit_t", torchvision, 224, "blocks.1"),
    ("mixer_s32_224", timm, 224, "blocks.3"),
    ("RN50", clip, 224, "layer2"),
    ("ViT-B-32-quickgelu", clip, 224, "transformer.resblocks.3"),
    ("unet", lambda name: UNet, 96, "decode2"),
    ("fcn_resnet50", segmentation, 96, "network.classifier"),
    ("lraspp_mobilenet_v3_large", segmentation, 96, "network.classifier.cbr"),
]


def prepared(make, side, centering=1):
    """The module, with no weight zero and with batch norms fitted; centering: the part of a mean they take away."""
    torch.manual_seed(0)
    module = make()
    with torch.no_grad():
        for weight in module.parameters():
            if weight.ndim > 1 and not weight.any():
                weight.normal_(0, 0.02)
        for layer in module.modules():
            if isinstance(layer, torch.nn.modules.batchnorm._BatchNorm):
                layer.momentum = None  # The mean of all that was seen.
        module.train()(torch.randn(8, 3, side, side))
        for layer in module.modules():
            if isinstance(layer, torch.nn.modules.batchnorm._BatchNorm):
                layer.running_mean *= centering
    return module.eval()


def gradient(module, x):
    x = x.clone().requires_grad_(True)
    module(x)[:, 0].sum().backward()
    return x.grad


def picture(module, side):
    """A picture, and by how much its gradient changes, relatively, when it is disturbed a little."""
    best = (float("inf"), None)
    for seed in range(10):
        torch.manual_seed(seed)
        x = torch.randn(1, 3, side, side)
        g, change = gradient(module, x), 0
        for _ in range(2):
            other = gradient(module, x + 3e-7 * torch.randn_like(x))
            change = max(change, ((other - g).norm() / g.norm()).item())
            if change >= best[0]:
                break
        else:
            best = (change, x)
        if best[0] < 1e-5:
            break
    return best


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    folder, names = pathlib.Path(sys.argv[1]), sys.argv[2:]
    for name, kind, side, block in MODELS:
        if names and name not in names:
            continue
        centering = 0.5 if name in HALF_CENTERED else 1
        module = prepared(kind(name), side, centering)
        change, x = picture(module, side)
        print(f"{name}: the gradient changes by {change:.1e} when disturbed by 3e-7", flush=True)
        for suffix, (exporter, opset) in (EXPORTERS | OPSETS.get(name, {})).items():
            case = folder / f"{name}.{suffix}"
            try:
                golden.write_case(
                    module, x, case, layers=[block], exporter=exporter, opset=opset)
            except Exception as error:
                print(f"{case.name}: not exported: {error}", flush=True)


if __name__ == "__main__":
    main()
