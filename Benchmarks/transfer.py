"""How often networks that did not make a picture see its class in it, for each way of making it, at equal time.

    python Benchmarks/transfer.py --model googlenet.onnx --stranger squeezenet.onnx --stranger mobilenet.onnx
    python Benchmarks/transfer.py --model models/everyday64-robust.onnx --stranger mobilenet.onnx \\
        --names Benchmarks/everyday64-names.txt --ways usual --photographs everyday64/val

Each way gets `--seconds` for a picture: how many steps that is, is found out first. With `--lucent` lucent's loop on the
same network is among the ways (torch, torch-lucent). Prints a Markdown table: the share that a stranger
names first and among its first five, the mean probability, and how calm the pictures are. Everything is bounded by
`--classes` (drawn by `--seed`; fewer are a part of more) and `--seconds`. With `--keep FOLDER` a run goes on where
another ended: pictures that are there stay, and so do the numbers of steps, in `steps.json`. Only these depend on the
time, and only they mean nothing where something else ran: `--timing` finds them out and ends.
"""
import argparse, json, os, random, subprocess, sys, tempfile, time

# Ways to make a picture: their options.
WAYS = {
    "usual": [],
    "fourier": ["--parameterization", "fourier"],
    "fourier by views": ["--parameterization", "fourier", "--transforms", "views"],
    "pixel": ["--parameterization", "pixel"],
    "laplacian": ["--parameterization", "laplacian"],
    "pyramid": ["--parameterization", "pyramid"],
    "maco": ["--parameterization", "maco"],
    "cppn": ["--parameterization", "cppn"],
}

arguments = argparse.ArgumentParser()
arguments.add_argument("--visualize", default=".build/debug/visualize")
arguments.add_argument("--model", required=True)
arguments.add_argument("--stranger", action="append", required=True)
arguments.add_argument("--names", help="what the strangers call the model's classes")
arguments.add_argument("--classes", type=int, default=10, help="how many, drawn by the seed; 0: all")
arguments.add_argument("--seconds", type=float, default=5, help="for a picture")
arguments.add_argument("--steps", type=int, help="so many instead of what the seconds allow")
arguments.add_argument("--seed", type=int, default=0)
arguments.add_argument("--ways", default="fourier,pyramid,maco,laplacian,pixel,cppn", help="separated by commas")
arguments.add_argument("--way", action="append", default=[], help="one more: NAME=OPTIONS")
arguments.add_argument("--photographs", help="a folder of a folder a class, to be judged as well")
arguments.add_argument("--threads", help="how many cores to use; the pictures are the same")
arguments.add_argument("--lucent", action="store_true")
arguments.add_argument("--keep", help="a folder for the pictures and the numbers of steps")
arguments.add_argument("--timing", action="store_true", help="only find out the numbers of steps")
arguments = arguments.parse_args()
arguments.visualize = os.path.abspath(arguments.visualize)


def run(*command):
    threads = ["--threads", arguments.threads] if arguments.threads else []
    return subprocess.run([arguments.visualize, *command, *threads], check=True, capture_output=True, text=True).stdout


def units():
    lines = run("inspect", arguments.model, "--units").splitlines()
    numbers = [int(line.split()[0]) for line in lines if line.split() and line.split()[0].isdigit()]
    drawn = random.Random(arguments.seed).sample(numbers, arguments.classes or len(numbers))
    return sorted(drawn)


def make(unit, options, steps, path):
    start, whole = time.perf_counter(), path + ".whole.png"
    run("--unit", str(unit), "--model", arguments.model, *options, *(["--steps", str(steps)] if steps else []),
        "--scale", "1", "--force", "-o", whole)
    os.replace(whole, path)
    return time.perf_counter() - start


def steps_within(unit, options, folder):
    path = os.path.join(folder, "timing.png")
    few, many = make(unit, options, 20, path), make(unit, options, 60, path)
    return max(8, int(arguments.seconds / ((many - few) / 40)))


def steps(way, folder, measured):
    """Those of a way, from the folder's `steps.json` or found out; 0: the way's own."""
    if arguments.steps or not arguments.seconds:
        return arguments.steps or 0
    path = os.path.join(folder, "steps.json")
    known = json.load(open(path)) if os.path.exists(path) else {}
    if way not in known:
        known[way] = measured()
        json.dump(known, open(path, "w"))
    return known[way]


def judged(paths, name=None):
    command = ["judge", *paths, "--json"]
    for stranger in arguments.stranger:
        command += ["--by", stranger]
    if arguments.names:
        command += ["--names", arguments.names]
    if name:
        command += ["--class", name]
    return json.loads(run(*command))


def row(way, steps, pictures):
    cells = []
    for index in range(len(arguments.stranger)):
        known = [p["judges"][index] for p in pictures if "rank" in p["judges"][index]]
        first = sum(j["rank"] == 1 for j in known) / max(1, len(known))
        five = sum(j["rank"] <= 5 for j in known) / max(1, len(known))
        sure = sum(j["probability"] for j in known) / max(1, len(known))
        cells.append(f"{100 * first:.0f} / {100 * five:.0f} % ({100 * sure:.0f} %)")
    means = [sum(p[key] for p in pictures) / len(pictures) for key in ("saturation", "detail", "clipped")]
    print(f"| {way} | {steps} | {' | '.join(cells)} | {means[0]:.2f} | {means[1]:.3f} | {100 * means[2]:.1f} % |", flush=True)


def lucents(folder):
    """Lucent's own parameterization and transforms on the same network, converted: makes a unit's picture in so many steps."""
    import numpy, onnx, onnx_torch, torch
    from PIL import Image
    import lucent.optvis.param as param, lucent.optvis.transform as transform

    file = onnx.load(arguments.model)
    said = {entry.key: entry.value for entry in file.metadata_props}
    model = onnx_torch.function(file)
    torch.set_num_threads(int(arguments.threads or 2))
    low, high = map(float, said["input.range"].split(","))
    mean, std = (torch.tensor(list(map(float, said[key].split(",")))).reshape(1, 3, 1, 1) for key in ("input.mean", "input.std"))
    order = [2, 1, 0] if said["input.color"] == "BGR" else [0, 1, 2]
    side = file.graph.input[0].type.tensor_type.shape.dim[2].dim_value or 64
    transforms = transform.compose(transform.standard_transforms + [torch.nn.Upsample(size=(side, side), mode="bilinear", align_corners=True)])

    def make(unit, steps, path):
        torch.manual_seed(0)
        numpy.random.seed(0)
        random.seed(0)
        parameters, image = param.image(side)
        optimizer = torch.optim.Adam(parameters, lr=0.05)
        start = time.perf_counter()
        for _ in range(steps):
            optimizer.zero_grad()
            seen = (transforms(image())[:, order] * (high - low) + low - mean) / std
            loss = -model(seen)[:, unit].mean()
            loss.backward()
            optimizer.step()
        taken = time.perf_counter() - start
        pixels = (image()[0].detach().permute(1, 2, 0).numpy().clip(0, 1) * 255).round().astype("uint8")
        Image.fromarray(pixels).save(path + ".whole", "PNG")
        os.replace(path + ".whole", path)
        return taken

    def timed():
        path = os.path.join(folder, "timing.png")
        few, many = make(0, 10, path), make(0, 30, path)
        return max(8, int(arguments.seconds / ((many - few) / 20)))

    return make, timed


def main():
    folder = arguments.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    drawn = units()
    ways = [(way, WAYS[way]) for way in arguments.ways.split(",") if way]
    ways += [(way.split("=", 1)[0], way.split("=", 1)[1].split()) for way in arguments.way]
    makers = {way: (lambda unit, steps, path, options=options: make(unit, options, steps, path),
                    lambda options=options: steps_within(drawn[0], options, folder)) for way, options in ways}
    if arguments.lucent:
        makers["lucent"] = lucents(folder)
    counts = {way: steps(way, folder, timed) for way, (_, timed) in makers.items()}
    if arguments.timing:
        return print(counts)
    names = [os.path.basename(path).removesuffix(".onnx") for path in arguments.stranger]
    print(f"| way | steps | {' | '.join(names)} | saturation | detail | clipped |")
    print("| --- | --- | " + " | ".join("---" for _ in names) + " | --- | --- | --- |", flush=True)
    labels = {}
    for way, (maker, _) in makers.items():
        paths = [os.path.join(folder, f"{way.replace(' ', '-')}-{unit}.png") for unit in drawn]
        for unit, path in zip(drawn, paths):
            if not (arguments.keep and os.path.exists(path)):
                maker(unit, counts[way], path)
        # Lucent's pictures do not say which class they are of.
        pictures = judged(paths) if way != "lucent" else [
            judged([path], labels[unit])[0] for unit, path in zip(drawn, paths)]
        labels = labels or {unit: picture["class"] for unit, picture in zip(drawn, pictures)}
        row(way, counts[way] or "", pictures)
    if arguments.photographs:
        pictures = []
        for unit, label in labels.items():
            place = os.path.join(arguments.photographs, label.replace(" ", "-"))
            files = [os.path.join(place, file) for file in sorted(os.listdir(place))[:5]]
            pictures += judged(files, label)
        row("photographs", "", pictures)


main()
