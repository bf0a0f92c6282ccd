"""Makes a small file for each layout of a detector's head and others that look alike, and checks what each is taken for.

    python Tests/Conformance/heads.py FOLDER [NAME …]
    python Tests/Conformance/heads.py --record Tests/Recordings/detector/heads

The second records what PyTorch says of some in double precision: the mean score of a class at its ten best places, its
gradient, and boxes; those that a file does not decode by Ultralytics' own code, or as YOLOX's does. Needs torch and onnx, and
for the second ultralytics. Weights are random; the layouts are those that the named projects export. Prints a table and
exits with 1 where a file is taken for something else than it is.
"""

import os
import pathlib
import subprocess
import sys
import warnings

import onnx
import torch
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
PROGRAM = os.environ.get("VISUALIZE", ".build/debug/visualize")
SIZE = 64
PLACES = 84  # 8×8 + 4×4 + 2×2
HEADS = {}


def head(expected, **options):
    """Registers a module's maker and what `inspect` must say of it."""
    def register(function):
        HEADS[function.__name__.replace("_", "-")] = (function, expected, options)
        return function
    return register


class Backbone(nn.Module):
    """Maps at strides 8, 16 and 32, each with heads of so many channels."""

    def __init__(self, *channels, kernel=1, strides=(8, 16, 32)):
        super().__init__()
        self.stem = nn.Sequential(*[m for i in range(3) for m in (nn.Conv2d(3 if i == 0 else 8, 8, 3, 2, 1), nn.SiLU())])
        self.down = nn.ModuleList(nn.Sequential(nn.Conv2d(8, 8, 3, 2, 1), nn.SiLU()) for _ in strides[1:])
        self.heads = nn.ModuleList(
            nn.ModuleList(nn.Conv2d(8, c, kernel, padding=kernel // 2) for c in channels) for _ in strides)

    def maps(self, x):
        x = self.stem(x)
        all = [x]
        for down in self.down:
            x = down(x)
            all.append(x)
        return [[head(m) for head in heads] for m, heads in zip(all, self.heads)]


class Net(Backbone):
    def __init__(self, function, *channels, **options):
        super().__init__(*channels, **options)
        self.function = function

    def forward(self, x):
        return self.function(self.maps(x))


def rows(map, channels):
    """N×(A·C)×H×W as N×(H·W·A)×C."""
    return map.permute(0, 2, 3, 1).reshape(map.shape[0], -1, channels)


def grid(map, stride):
    y, x = torch.meshgrid(torch.arange(map.shape[2]), torch.arange(map.shape[3]), indexing="ij")
    return torch.stack((x, y)).float()[None] * stride


def decoded(box, stride):
    """Distances to the four sides as a middle and a size."""
    a, b = grid(box, stride) - box[:, :2], grid(box, stride) + box[:, 2:]
    return torch.cat(((a + b) / 2, b - a), 1)


# YOLO with anchors


def anchored(map, classes):
    n, _, h, w = map.shape
    return map.reshape(n, 3, 5 + classes, h, w).permute(0, 1, 3, 4, 2)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32)")
def yolov5_raw():
    return Net(lambda maps: tuple(anchored(m, 7) for [m] in maps), 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32)")
def yolov5_convolutions():
    return Net(lambda maps: tuple(m for [m] in maps), 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), before the sigmoid")
def yolov5_rknn():
    return Net(lambda maps: tuple(m.sigmoid() for [m] in maps), 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32)")
def yolov5_grids_last():
    """Anchors cell by cell, N×H×W×3×numbers."""
    return Net(lambda maps: tuple(anchored(m, 7).permute(0, 2, 3, 1, 4) for [m] in maps), 36)


def yolov5_boxes(maps):
    """Middles and sizes in pixels, N×places×4, as `Detect` of YOLOv5's models/yolo.py has them."""
    anchors = ([10, 13, 16, 30, 33, 23], [30, 61, 62, 45, 59, 119], [116, 90, 156, 198, 373, 326])
    all = []
    for [m], stride, sizes in zip(maps, (8, 16, 32), anchors):
        y = anchored(m, 7).sigmoid()
        cells = grid(m, 1).to(m.dtype).permute(0, 2, 3, 1)[:, None] - 0.5
        sizes = torch.tensor(sizes, dtype=m.dtype).reshape(1, 3, 1, 1, 2)
        all.append(torch.cat(((y[..., :2] * 2 + cells) * stride, (y[..., 2:4] * 2) ** 2 * sizes), 4).flatten(1, 3))
    return torch.cat(all, 1)


def yolov5_rows(maps):
    all = []
    for [m], stride in zip(maps, (8, 16, 32)):
        y = anchored(m, 7).sigmoid()
        xy, wh, conf = y.split((2, 2, 8), 4)
        cells = grid(m, stride).permute(0, 2, 3, 1)[:, None]
        all.append(torch.cat((xy * 2 * stride + cells, (wh * 2) ** 2 * 4 * stride, conf), 4).flatten(1, 3))
    return torch.cat(all, 1)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov5():
    return Net(yolov5_rows, 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov7_rows_and_raw():
    return Net(lambda maps: (yolov5_rows(maps), *[anchored(m, 7) for [m] in maps]), 36)


@head("a detector of 7 classes at 60 places (strides 16, 32)")
def yolov3_tiny_raw():
    return Net(lambda maps: tuple(anchored(m, 7) for [m] in maps[1:]), 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), before the sigmoid")
def yolov4_keras():
    """TensorFlow's: channels last, sigmoids of slices joined again."""
    def run(maps):
        all = []
        for [m] in maps:
            y = m.permute(0, 2, 3, 1).reshape(1, m.shape[2], m.shape[3], 3, 12)
            xy, wh, conf, prob = y.split((2, 2, 1, 7), 4)
            all.append(torch.cat((xy.sigmoid(), wh.exp(), conf.sigmoid(), prob.sigmoid()), 4))
        return tuple(all)
    return Net(run, 36)


@head("a detector of 2 classes at 252 places (strides 8, 16, 32), before the sigmoid")
def yolov4_keras_2():
    def run(maps):
        all = []
        for [m] in maps:
            y = m.permute(0, 2, 3, 1).reshape(1, m.shape[2], m.shape[3], 3, 7)
            xy, wh, conf, prob = y.split((2, 2, 1, 2), 4)
            all.append(torch.cat((xy.sigmoid(), wh.exp(), conf.sigmoid(), prob.sigmoid()), 4))
        return tuple(all)
    return Net(run, 21)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov4_pytorch():
    """Boxes N×places×1×4 beside scores that are products."""
    def run(maps):
        boxes, scores = [], []
        for [m], stride in zip(maps, (8, 16, 32)):
            y = anchored(m, 7).flatten(1, 3)
            boxes.append((y[..., :4].sigmoid() * stride)[:, :, None])
            scores.append(y[..., 5:].sigmoid() * y[..., 4:5].sigmoid())
        return torch.cat(boxes, 1), torch.cat(scores, 1)
    return Net(run, 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), with an objectness; 36 channels are taken")
def yolov5_channels_last():
    return Net(lambda maps: tuple(m.permute(0, 2, 3, 1) for [m] in maps), 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), before the sigmoid, with an objectness; rows")
def yolov5_sigmoid_of_rows():
    return Net(lambda maps: torch.cat([anchored(m, 7).flatten(1, 3) for [m] in maps], 1).sigmoid(), 36)


@head("a detector of 7 classes at 252 places (strides 8, 16, 32), with an objectness; rows")
def yolov5_rows_raw():
    return Net(lambda maps: torch.cat([anchored(m, 7).flatten(1, 3) for [m] in maps], 1), 36)


# YOLO without anchors


def yolox_maps(maps):
    return [torch.cat((reg, obj.sigmoid(), cls.sigmoid()), 1) for reg, obj, cls in maps]


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid")
def yolox():
    return Net(lambda maps: torch.cat([m.flatten(2) for m in yolox_maps(maps)], 2).permute(0, 2, 1), 4, 1, 7)


@head("a detector of 1 class at 84 places (strides 8, 16, 32), before the sigmoid")
def yolox_1():
    return Net(lambda maps: torch.cat([m.flatten(2) for m in yolox_maps(maps)], 2).permute(0, 2, 1), 4, 1, 1)


def yolox_boxes(maps):
    """Middles and sizes in pixels, N×places×4, as YOLOX's `decode_outputs` has them."""
    all = []
    for (reg, *_), stride in zip(maps, (8, 16, 32)):
        cells = grid(reg, 1).to(reg.dtype)
        all.append(torch.cat(((reg[:, :2] + cells) * stride, reg[:, 2:].exp() * stride), 1).flatten(2))
    return torch.cat(all, 2).permute(0, 2, 1)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolox_decoded():
    def run(maps):
        y = torch.cat([m.flatten(2) for m in yolox_maps(maps)], 2).permute(0, 2, 1)
        cells = torch.cat([grid(m[0], s).flatten(2) for m, s in zip(maps, (8, 16, 32))], 2).permute(0, 2, 1)
        return torch.cat((y[..., :2] * 8 + cells, y[..., 2:4].exp() * 8, y[..., 4:]), -1)
    return Net(run, 4, 1, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def yolox_raw():
    return Net(lambda maps: tuple(torch.cat(parts, 1) for parts in maps), 4, 1, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov6():
    def run(maps):
        boxes = torch.cat([decoded(b, s).flatten(2) for (b, _), s in zip(maps, (8, 16, 32))], 2).permute(0, 2, 1)
        scores = torch.cat([c.sigmoid().flatten(2) for _, c in maps], 2).permute(0, 2, 1)
        return torch.cat((boxes, torch.ones(1, PLACES, 1), scores), -1)
    return Net(run, 4, 7)


def distances(maps):
    """Boxes of distributions over 16 distances, and scores, as Ultralytics' head has them."""
    x = torch.cat([torch.cat(parts, 1).flatten(2) for parts in maps], 2)
    box, cls = x.split((64, x.shape[1] - 64), 1)
    box = (box.reshape(1, 4, 16, PLACES).transpose(1, 2).softmax(1) * torch.arange(16.0).reshape(1, 16, 1, 1)).sum(1)
    cells = torch.cat([grid(m[0], 1).flatten(2) for m in maps], 2) + 0.5
    a, b = cells - box[:, :2], cells + box[:, 2:]
    return torch.cat(((a + b) / 2, b - a), 1) * 8, cls


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov8():
    def run(maps):
        boxes, cls = distances(maps)
        return torch.cat((boxes, cls.sigmoid()), 1)
    return Net(run, 64, 7)


def ultralytics_boxes(maps):
    """Middles and sizes in pixels, N×places×4, by Ultralytics' code."""
    from ultralytics.nn.modules.block import DFL
    from ultralytics.utils.tal import dist2bbox, make_anchors

    boxes = [parts[0] for parts in maps]
    bins = boxes[0].shape[1] // 4
    points, strides = (t.transpose(0, 1).to(boxes[0].dtype) for t in make_anchors(boxes, [8, 16, 32], 0.5))
    raw = torch.cat([b.flatten(2) for b in boxes], 2)
    return (dist2bbox(DFL(bins).to(raw.dtype)(raw), points[None], xywh=True, dim=1) * strides).permute(0, 2, 1)


@head("a detector of 80 classes at 84 places (strides 8, 16, 32)")
def yolov8_raw():
    return Net(lambda maps: tuple(torch.cat(parts, 1) for parts in maps), 64, 80)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def yolov8_raw_7():
    return Net(lambda maps: tuple(torch.cat(parts, 1) for parts in maps), 64, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def yolov8_raw_32():
    """Distributions over 32 distances, as Ultralytics' `reg_max` may say."""
    return Net(lambda maps: tuple(torch.cat(parts, 1) for parts in maps), 128, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def yolov6_parts_17():
    """YOLOv6's, over 17 distances."""
    return Net(lambda maps: tuple(part for parts in maps for part in parts), 68, 7)


@head("a detector of 1 class at 84 places (strides 8, 16, 32)")
def yolov8_raw_1():
    return Net(lambda maps: tuple(torch.cat(parts, 1) for parts in maps), 64, 1)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def yolov8_raw_rows():
    """All places behind each other, not decoded."""
    return Net(lambda maps: torch.cat([torch.cat(parts, 1).flatten(2) for parts in maps], 2), 64, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid")
def yolov8_rknn():
    """Rockchip's: boxes, classes and the sum of classes apart."""
    def run(maps):
        return tuple(part for b, c in maps for part in (b, c.sigmoid(), c.sigmoid().sum(1, keepdim=True).clamp(0, 1)))
    return Net(run, 64, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def yolov8_parts():
    return Net(lambda maps: tuple(part for parts in maps for part in parts), 64, 7)


@head("a detector of 21 classes at 84 places (strides 8, 16, 32)")
def yolov8_parts_21():
    return Net(lambda maps: tuple(part for parts in maps for part in parts), 64, 21)


@head("a detector of 4 classes at 84 places (strides 8, 16, 32)")
def yolov8_parts_4():
    return Net(lambda maps: tuple(part for parts in maps for part in parts), 64, 4)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov8_pose():
    def run(maps):
        boxes, cls = distances([m[:2] for m in maps])
        keys = torch.cat([m[2].flatten(2) for m in maps], 2).reshape(1, 17, 3, PLACES)
        keys = torch.cat((keys[:, :, :2] * 2, keys[:, :, 2:].sigmoid()), 2).reshape(1, 51, PLACES)
        return torch.cat((boxes, cls.sigmoid(), keys), 1)
    return Net(run, 64, 7, 51)


@head("a detector of 1 class at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov8_pose_1():
    def run(maps):
        boxes, cls = distances([m[:2] for m in maps])
        keys = torch.cat([m[2].flatten(2) for m in maps], 2).reshape(1, 17, 3, PLACES)
        keys = torch.cat((keys[:, :, :2] * 2, keys[:, :, 2:].sigmoid()), 2).reshape(1, 51, PLACES)
        return torch.cat((boxes, cls.sigmoid(), keys), 1)
    return Net(run, 64, 1, 51)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolov8_segment():
    def run(maps):
        boxes, cls = distances([m[:2] for m in maps])
        masks = torch.cat([m[2].flatten(2) for m in maps], 2)
        return torch.cat((boxes, cls.sigmoid(), masks), 1), F.interpolate(maps[0][2], scale_factor=2.0)
    return Net(run, 64, 7, 32)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def yolo_nas():
    def run(maps):
        boxes, cls = distances(maps)
        return boxes.permute(0, 2, 1), cls.permute(0, 2, 1).sigmoid()
    return Net(run, 64, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def damo_yolo():
    def run(maps):
        boxes, cls = distances(maps)
        return cls.permute(0, 2, 1).sigmoid(), boxes.permute(0, 2, 1)
    return Net(run, 64, 7)


@head("a detector of 4 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def damo_yolo_4():
    def run(maps):
        boxes, cls = distances(maps)
        return cls.permute(0, 2, 1).sigmoid(), boxes.permute(0, 2, 1)
    return Net(run, 64, 4)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid", boxes=True)
def pp_yoloe():
    """Boxes N×places×4, scores N×classes×places."""
    def run(maps):
        boxes, cls = distances(maps)
        return boxes.permute(0, 2, 1), cls.sigmoid()
    return Net(run, 64, 7)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid")
def nanodet():
    def run(maps):
        return torch.cat([torch.cat((c.sigmoid(), b), 1).flatten(2) for c, b in maps], 2).permute(0, 2, 1)
    return Net(run, 7, 32)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid")
def nanodet_joint():
    def run(maps):
        parts = [m.split((7, 32), 1) for [m] in maps]
        return torch.cat([torch.cat((c.sigmoid(), b), 1).flatten(2) for c, b in parts], 2).permute(0, 2, 1)
    return Net(run, 39)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def rtmdet_raw():
    return Net(lambda maps: tuple(c for c, _ in maps) + tuple(b for _, b in maps), 7, 4)


@head("a detector of 18 classes at 84 places (strides 8, 16, 32)")
def rtmdet_raw_18():
    return Net(lambda maps: tuple(c for c, _ in maps) + tuple(b for _, b in maps), 18, 4)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid")
def rtmdet_sigmoid():
    return Net(lambda maps: tuple(c.sigmoid() for c, _ in maps) + tuple(b for _, b in maps), 7, 4)


def flat_rows(maps, place, channels):
    return torch.cat([rows(m[place], channels) for m in maps], 1)


@head("a detector of 4 classes at 84 places (strides 8, 16, 32)")
def fcos_4():
    """torchvision's: four classes, four distances and how near a place is to the middle."""
    def run(maps):
        maps = [(c, b.relu(), m) for c, b, m in maps]
        return tuple(flat_rows(maps, place, channels) for place, channels in ((0, 4), (1, 4), (2, 1)))
    return Net(run, 4, 4, 1)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def fcos():
    def run(maps):
        maps = [(c, b.relu(), m) for c, b, m in maps]
        return tuple(flat_rows(maps, place, channels) for place, channels in ((0, 7), (1, 4), (2, 1)))
    return Net(run, 7, 4, 1)


@head("a detector of 4 classes at 84 places (strides 8, 16, 32); two results have four numbers")
def retinanet_4():
    return Net(lambda maps: (flat_rows(maps, 0, 4), flat_rows(maps, 1, 4)), 4, 4)


# Points


@head("a detector of 7 classes at 64 places (strides 8), before the sigmoid")
def centernet():
    return Net(lambda maps: (maps[0][0].sigmoid(), maps[0][1], maps[0][2]), 7, 2, 2)


@head("a detector of 1 class at 64 places (strides 8), before the sigmoid")
def centerface():
    return Net(lambda maps: (maps[0][0].sigmoid(), *maps[0][1:]), 1, 2, 2, 10)


@head("a detector of 1 class at 64 places (strides 8), before the sigmoid")
def east():
    return Net(lambda maps: (maps[0][0].sigmoid(), torch.cat((maps[0][1].sigmoid() * 512, maps[0][2].sigmoid()), 1)),
               1, 4, 1)


@head("a detector of 7 classes at 64 places (strides 8), before the sigmoid")
def centernet_channels_last():
    last = lambda m: m.permute(0, 2, 3, 1)
    return Net(lambda maps: (last(maps[0][0].sigmoid()), last(maps[0][1]), last(maps[0][2])), 7, 2, 2)


@head("a detector of 7 classes at 84 places (strides 8, 16, 32)")
def rtmdet_channels_last():
    last = lambda m: m.permute(0, 2, 3, 1)
    return Net(lambda maps: tuple(last(c) for c, _ in maps) + tuple(last(b) for _, b in maps), 7, 4)


# Faces and SSD


@head("a detector of 2 classes at 168 places (strides 8, 16, 32), before the softmax", boxes=True)
def ultraface():
    def run(maps):
        scores = torch.cat([rows(c, 2) for c, _ in maps], 1).softmax(-1)
        boxes = torch.cat([rows(b, 4) for _, b in maps], 1)
        middle, size = boxes[..., :2] * 0.1 + 0.5, (boxes[..., 2:] * 0.2).exp() * 0.1
        return scores, torch.cat((middle - size / 2, middle + size / 2), -1)
    return Net(run, 4, 8)


@head("a detector of 2 classes at 168 places (strides 8, 16, 32), before the softmax")
def retinaface():
    def run(maps):
        return (torch.cat([rows(b, 4) for _, b, _ in maps], 1), torch.cat([rows(c, 2) for c, _, _ in maps], 1).softmax(-1),
                torch.cat([rows(k, 10) for _, _, k in maps], 1))
    return Net(run, 4, 8, 20)


@head("a detector of 2 classes at 168 places (strides 8, 16, 32)")
def retinaface_logits():
    def run(maps):
        return torch.cat([rows(b, 4) for _, b in maps], 1), torch.cat([rows(c, 2) for c, _ in maps], 1)
    return Net(run, 4, 8)


@head("a detector of 1 class at 168 places (strides 8, 16, 32), before the sigmoid")
def scrfd():
    """InsightFace's: lists of places without a batch."""
    def run(maps):
        return (*[c.permute(0, 2, 3, 1).reshape(-1, 1).sigmoid() for c, _, _ in maps],
                *[b.permute(0, 2, 3, 1).reshape(-1, 4) for _, b, _ in maps],
                *[k.permute(0, 2, 3, 1).reshape(-1, 10) for _, _, k in maps])
    return Net(run, 2, 8, 20)


@head("a detector of 1 class at 84 places (strides 8, 16, 32), before the sigmoid")
def yunet():
    def run(maps):
        flat = lambda m, c: m.permute(0, 2, 3, 1).reshape(1, -1, c)
        return (*[flat(m[0], 1).sigmoid() for m in maps], *[flat(m[1], 1).sigmoid() for m in maps],
                *[flat(m[2], 4) for m in maps], *[flat(m[3], 10) for m in maps])
    return Net(run, 1, 1, 4, 10)


@head("a detector of 1 class at 168 places (strides 8, 16, 32)")
def blazeface():
    def run(maps):
        return torch.cat([rows(k, 16) for _, k in maps], 1), torch.cat([rows(c, 1) for c, _ in maps], 1)
    return Net(run, 2, 32)


@head("a detector of 7 classes at 168 places (strides 8, 16, 32)")
def ssd_logits():
    def run(maps):
        return torch.cat([rows(c, 7) for c, _ in maps], 1), torch.cat([rows(b, 4) for _, b in maps], 1)
    return Net(run, 14, 8)


# A choice among boxes in the graph


def suppressed(path, outputs):
    """Puts NonMaxSuppression, which torch exports of its own operator only, behind the results, boxes N×places×4 and scores
    N×classes×places; the file then ends in `outputs`."""
    model = onnx.load(path)
    graph = model.graph
    boxes, scores = [o.name for o in graph.output]
    constant = lambda name, array: graph.initializer.append(onnx.numpy_helper.from_array(array, name))
    import numpy as np
    constant("most", np.array([100], dtype=np.int64))
    constant("overlap", np.array([0.45], dtype=np.float32))
    constant("least", np.array([0.25], dtype=np.float32))
    constant("two", np.array([2], dtype=np.int64))
    constant("flat", np.array([-1], dtype=np.int64))
    constant("zero", np.array(0, dtype=np.int64))
    node = onnx.helper.make_node
    graph.node.extend([
        node("NonMaxSuppression", [boxes, scores, "most", "overlap", "least"], ["chosen"], "nms"),
        node("Gather", ["chosen", "two"], ["column"], axis=1), node("Reshape", ["column", "flat"], ["places"]),
        node("Gather", [boxes, "places"], ["kept"], axis=1),
    ])
    del graph.output[:]
    for name in outputs:
        kind = onnx.TensorProto.INT64 if name == "chosen" else onnx.TensorProto.FLOAT
        known = {boxes: [1, PLACES, 4], scores: [1, 7, PLACES]}.get(name)
        shape = known or ([None, 3] if name == "chosen" else [1, None, 4])
        graph.output.append(onnx.helper.make_tensor_value_info(name, kind, shape))
    onnx.save(model, path)


def yolov3_parts(maps):
    boxes, cls = distances(maps)
    return boxes.permute(0, 2, 1), cls.sigmoid()


for name, outputs in (("alone", ["kept"]), ("numbers", ["chosen"]), ("both", ["kept", "chosen"])):
    HEADS[f"suppressed-{name}"] = (
        lambda: Net(yolov3_parts, 64, 7),
        "a detector of 7 classes at 84 places (strides 8, 16, 32), before the sigmoid",
        {"after": lambda path, outputs=outputs: suppressed(path, outputs), "boxes": True})
HEADS["suppressed-raw"] = (
    lambda: Net(lambda maps: (lambda b, c: (b.permute(0, 2, 1), c * 1.0))(*distances(maps)), 64, 7),
    "a detector of 7 classes at 84 places (strides 8, 16, 32)",
    {"after": lambda path: suppressed(path, ["kept"]), "boxes": True})


# What is none


class List(nn.Module):
    def __init__(self, function, count):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 4, 1)
        self.fc = nn.Linear(8, count)
        self.function = function

    def forward(self, x):
        return self.function(self.fc(self.conv(x).relu().mean((2, 3))))


@head("10 coordinates of points")
def landmarks():
    return List(lambda y: y.reshape(1, 5, 2), 10)


@head("136 ")
def landmarks_68():
    return List(lambda y: y.reshape(-1, 68, 2), 136)


@head("1404 ")
def face_mesh():
    return List(lambda y: y.reshape(-1, 468, 3), 1404)


@head("a sequence of 5 steps, a choice among 36 classes each")
def captcha():
    return List(lambda y: y.reshape(-1, 5, 36), 180)


class Reader(nn.Module):
    """A text recognizer: columns as steps."""

    def __init__(self, softmax, timeFirst=False):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(3, 8, 3, (4, 2), 1), nn.ReLU(), nn.Conv2d(8, 16, 3, (4, 2), 1), nn.ReLU())
        self.fc = nn.Linear(16, 97)
        self.softmax, self.timeFirst = softmax, timeFirst

    def forward(self, x):
        y = self.fc(self.conv(x).mean(2).permute(0, 2, 1))
        y = y.permute(1, 0, 2) if self.timeFirst else y
        return y.softmax(2) if self.softmax else y


@head("a sequence of 16 steps, a choice among 97 classes each, before the softmax")
def reader():
    return Reader(True)


@head("a sequence of 16 steps, a choice among 97 classes each")
def reader_logits():
    return Reader(False)


@head("a sequence of 16 steps, a choice among 97 classes each, before the softmax")
def reader_steps_first():
    """As recurrent networks hand on their steps: before the pictures of a batch."""
    return Reader(True, timeFirst=True)


@head("a sequence of 16 steps, a choice among 97 classes each")
def reader_logits_steps_first():
    return Reader(False, timeFirst=True)


@head("a segmenter of 7 classes at 64×64 pixels")
def deep_supervision():
    """A segmenter that says its classes in three sizes."""
    return Net(lambda maps: tuple(F.interpolate(m, scale_factor=8.0) for [m] in maps), 7, kernel=3)


@head("no classes")
def pyramid():
    """Features of three scales, and no scores."""
    return Net(lambda maps: tuple(m.relu() for [m] in maps), 36, kernel=3)


# Records

CLASS = 0


def of_anchors(maps):
    y = torch.cat([anchored(m, 7).flatten(1, 3) for [m] in maps], 1)[0]
    return y[:, 5:], y[:, 4]


def of_maps(place, objectness=None, classes=7):
    def run(maps):
        flat = lambda i, c: torch.cat([rows(m[i], c) for m in maps], 1)[0]
        return flat(place, classes), None if objectness is None else flat(objectness, 1)[:, 0]
    return run


RECORDED = {
    "yolov5": of_anchors, "yolov5-raw": of_anchors, "yolov5-convolutions": of_anchors, "yolov5-rknn": of_anchors,
    "yolov5-sigmoid-of-rows": of_anchors, "yolov4-keras": of_anchors, "yolox": of_maps(2, 1), "yolox-decoded": of_maps(2, 1), "yolox-raw": of_maps(2, 1),
    "yolov8-raw-7": of_maps(1), "yolov8-raw-32": of_maps(1), "yolov6-parts-17": of_maps(1), "yolov5-grids-last": of_anchors,
    "fcos-4": of_maps(0, classes=4), "retinanet-4": of_maps(0, classes=4),
    "nanodet-joint": lambda maps: of_maps(0)([m.split((7, 32), 1) for [m] in maps]),
    "rtmdet-raw": of_maps(0), "scrfd": of_maps(0, classes=1), "suppressed-alone": of_maps(1),
}


# Boxes of files that do not decode them.
DECODED = {
    "yolox": yolox_boxes, "yolox-raw": yolox_boxes, "yolov8-raw-7": ultralytics_boxes, "yolov8-raw-32": ultralytics_boxes,
    "yolov6-parts-17": ultralytics_boxes, "yolov5-raw": yolov5_boxes, "yolov5-convolutions": yolov5_boxes,
    "yolov5-rknn": yolov5_boxes, "yolov5-grids-last": yolov5_boxes,
}


def detections(box, scores):
    """From middles and sizes in pixels, places×4: index, confidence, left, top, right, bottom in shares of the picture, each thing once."""
    from torchvision.ops import batched_nms

    box = torch.cat((box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2), 1)
    found = torch.nonzero(scores > 0.25)
    kept = batched_nms(box[found[:, 0]], scores[found[:, 0], found[:, 1]], found[:, 1], 0.45)
    return torch.stack([
        torch.cat((found[i, 1:].double(), scores[tuple(found[i])][None], box[found[i, 0]] / SIZE)) for i in kept])


def record(folder):
    import numpy as np

    global SIZE, PLACES
    SIZE, PLACES = 32, 21
    torch.manual_seed(0)
    x = torch.rand(1, 3, SIZE, SIZE)
    np.save(folder / "input.npy", x.numpy())
    for name, reference in RECORDED.items():
        make, _, options = HEADS[name]
        net = lively(make())
        write(net, str(folder / f"{name}.onnx"), options)
        net = net.double()
        picture = x.double().requires_grad_()
        scores, objectness = reference(net.maps(picture))
        sure = scores.sigmoid() * (1 if objectness is None else objectness.sigmoid()[:, None])
        value = scores[sure[:, CLASS].argsort(descending=True)[:10], CLASS].mean()
        value.backward()
        np.save(folder / f"{name}-value.npy", value.detach().float().reshape(1).numpy())
        np.save(folder / f"{name}-gradient.npy", picture.grad.float().numpy())
        if name in DECODED or options.get("boxes") and objectness is not None:
            box = DECODED[name](net.maps(picture)) if name in DECODED else net(picture)[..., :4]
            found = detections(box[0], sure).detach()
            print(name, len(found), "boxes")
            np.save(folder / f"{name}-detections.npy", found.float().numpy())


def lively(net):
    """Random weights that make numbers between which there are differences."""
    torch.manual_seed(0)
    for p in net.parameters():
        nn.init.normal_(p, 0, 1.2 / max(1, p[0].numel()) ** 0.5 if p.dim() > 1 else 0.5)
    return net.eval()


def write(net, path, options):
    torch.onnx.export(net, (torch.rand(1, 3, SIZE, SIZE),), path, dynamo=False, opset_version=17, input_names=["x"])
    if "after" in options:
        options["after"](path)


def main():
    if sys.argv[1] == "--record":
        return record(pathlib.Path(sys.argv[2]))
    folder = pathlib.Path(sys.argv[1])
    names = sys.argv[2:] or list(HEADS)
    wrong = 0
    for name in names:
        make, expected, options = HEADS[name]
        path = str(folder / f"{name}.onnx")
        write(lively(make()), path, options)
        result = subprocess.run([PROGRAM, "inspect", path], capture_output=True, text=True)
        text = " ".join(result.stdout.split())
        said = text.partition(" ends in ")[2].partition(" parameters ")[0] or (result.stdout + result.stderr)[-200:]
        fits = said.startswith(expected)
        wrong += not fits
        print(f"| {name} | {said} | {'' if fits else 'WRONG: ' + expected} |", flush=True)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
