"""A sheet of units by ways of writing a picture: a row a way, a column a unit.

    python Benchmarks/sheet.py --model googlenet.onnx --pictures sheet --output sheet.jpg

Each picture is made at the defaults of its way; those that are in the folder of pictures stay. Needs Pillow.
"""
import argparse, os, subprocess
from PIL import Image, ImageDraw, ImageFont

WAYS = ["fourier", "pyramid", "laplacian", "maco", "cppn", "pixel"]
UNITS = ("mixed3a:77 mixed3b:144 mixed4a:10 mixed4a:476 mixed4b:125 mixed4b:60 mixed4c:20 mixed4d:139 mixed4e:55 "
         "mixed5a:9 mixed5a:200 mixed5b:17").split()

arguments = argparse.ArgumentParser()
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--model", required=True)
arguments.add_argument("--pictures", required=True, help="a folder for the pictures, a folder a way")
arguments.add_argument("--output", help="the sheet; without it, only pictures are made")
arguments.add_argument("--ways", default=",".join(WAYS), help="separated by commas")
arguments.add_argument("--units", default=",".join(UNITS), help="separated by commas")
arguments.add_argument("--threads", default="2", help="how many cores to use; the pictures are the same")
arguments.add_argument("--side", type=int, default=150, help="of a picture on the sheet, in pixels")
arguments = arguments.parse_args()


def picture(way, unit):
    path = os.path.join(arguments.pictures, way, unit.replace(":", "-") + ".png")
    if not os.path.exists(path):
        whole, command = path + ".whole.png", [arguments.visualize, "--unit", unit, "--model", arguments.model]
        command += ["--parameterization", way, "--scale", "1", "--threads", arguments.threads, "--force", "-o", whole]
        subprocess.run(command, check=True, capture_output=True)
        os.replace(whole, path)
    return path


def main():
    ways, units, side = arguments.ways.split(","), arguments.units.split(","), arguments.side
    paths = [[picture(way, unit) for unit in units] for way in ways]
    if not arguments.output:
        return
    gap, left, top = 6, 90, 28
    sheet = Image.new("RGB", (left + len(units) * (side + gap), top + len(ways) * (side + gap)), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=15)
    for column, unit in enumerate(units):
        draw.text((left + column * (side + gap), 6), unit, font=font, fill="black")
    for row, way in enumerate(ways):
        y = top + row * (side + gap)
        draw.text((8, y + side // 2 - 8), way, font=font, fill="black")
        for column, path in enumerate(paths[row]):
            small = Image.open(path).convert("RGB").resize((side, side), Image.LANCZOS)
            sheet.paste(small, (left + column * (side + gap), y))
    sheet.save(arguments.output, quality=88)


main()
