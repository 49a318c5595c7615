#!/usr/bin/env python3
"""Shows what each patch to the Vulkan backend mends: the unpatched backend is faulty, the patched one is not.

Two faults depend on where memory lies; their cases run the same thing with both libraries, in fresh processes. The
others are shown by rows of the truth table that name the patch or the operator; table_evidence.py lists those few that
cannot be shown, with the reasons. Writes a JSON document (schema 2) and fails if a patch does not show: if the
unpatched backend was never faulty, or the patched one was.
"""

import argparse
import json
import os
import subprocess
import sys
from array import array
from pathlib import Path

from table_evidence import NOT_SHOWN, SPECIAL, collect, names_to_show

HERE = Path(__file__).resolve().parent


def run_out_of_bounds(options: argparse.Namespace, plugin: Path, models: Path, work: Path) -> dict:
    """Counts the processes that die, or compute something else than the CPU."""
    guard_pages = build_guard_pages(options.work)
    outcomes: dict[str, int] = {}
    for _ in range(options.runs):
        command = [options.runner, "--model", models / "model.pt", "--backend", "vulkan", "--plugin", plugin]
        command += ["--input", models / "input.json", "--out", work, "--expect-device", "SwiftShader"]
        command += ["--warmup", "0", "--iterations", "2", "--phase-iterations", "0", "--timeout-ms", "60000"]
        subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LD_PRELOAD": str(guard_pages)},
        )
        result = json.loads((work / "result.json").read_text())
        code = result["failure"]["code"] if result["failure"] else "ok"
        if code == "ok" and not same(work / "output0.bin", models / "expected.bin"):
            code = "wrong"
        outcomes[code] = outcomes.get(code, 0) + 1
    return {"runs": options.runs, "faulty": options.runs - outcomes.get("ok", 0), "outcomes": outcomes}


def build_guard_pages(work: Path) -> Path:
    library = work / "guard_pages.so"
    if not library.exists():
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", library, HERE / "guard_pages.c"], check=True)
    return library


def same(actual_path: Path, expected_path: Path) -> bool:
    """Whether two files of float32 agree to 1e-4 of the scale; written so that NaN is a difference."""
    actual, expected = (array("f", path.read_bytes()) for path in (actual_path, expected_path))
    scale = max(abs(value) for value in expected)
    return all(abs(a - b) <= 1e-4 * scale for a, b in zip(actual, expected, strict=True))


def run_tool(*arguments: object, device: bool) -> dict:
    """Runs patch_cases.py in a process of its own and returns what it prints last."""
    command = [sys.executable, "-B", str(HERE / "patch_cases.py"), *map(str, arguments)]
    env = dict(os.environ)
    if not device:
        env.update(VK_ICD_FILENAMES="/dev/null", VK_DRIVER_FILES="/dev/null")
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stock", type=Path, required=True, help="the unpatched library")
    parser.add_argument("--patched", type=Path, required=True)
    parser.add_argument("--runner", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=8, help="processes per library")
    parser.add_argument("--patches", type=Path, required=True, help="folder of the patches")
    parser.add_argument("--operators", type=Path, required=True, help="folder of the own operators' sources")
    parser.add_argument("--stock-tables", type=Path, nargs="+", required=True, help="truth tables of stock")
    parser.add_argument("--patched-tables", type=Path, nargs="+", required=True)
    options = parser.parse_args()

    models = options.work / "models"
    models.mkdir(parents=True, exist_ok=True)
    run_tool("make-model", options.patched, models, device=False)

    libraries = {"stock": options.stock, "patched": options.patched}
    out_of_bounds = {
        name: run_out_of_bounds(options, library, models, options.work / name)
        for name, library in libraries.items()
    }
    padding = {name: run_tool("padding", library, device=True) for name, library in libraries.items()}
    cases = [
        {"patch": SPECIAL[0], **out_of_bounds},
        {"patch": SPECIAL[1], **padding},
    ]
    names = names_to_show(options.patches, options.operators)
    evidence = collect(names, options.stock_tables, options.patched_tables)
    rows = {name: found.to_json() for name, found in evidence.items()}
    document = {"schema": 2, "cases": cases, "rows": rows, "notShown": NOT_SHOWN}
    options.output.write_text(json.dumps(document, indent=2) + "\n")

    failed = 0
    for case in cases:
        for name in libraries:
            print(
                f"{case['patch']}: {name}: {case[name]['faulty']} of {case[name]['runs']} faulty",
                file=sys.stderr,
            )
        if case["stock"]["faulty"] == 0:
            print(
                f"Cannot show what {case['patch']} mends: the unpatched backend was never faulty",
                file=sys.stderr,
            )
            failed += 1
        if case["patched"]["faulty"] > 0:
            print(f"{case['patch']} does not mend its fault", file=sys.stderr)
            failed += 1
    for name, found in evidence.items():
        problem = found.problem
        verdict = problem or f"{found.stock_faulty} of {found.rows} rows faulty on stock, none patched"
        print(f"{name}: {verdict}", file=sys.stderr)
        failed += problem is not None
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
