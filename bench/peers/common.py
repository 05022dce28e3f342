"""What the peer measurements share: arguments as one JSON object, JSON out, timing."""

import json
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable

import torch
import transformers


def arguments(defaults: dict, required: tuple[str, ...]) -> dict:
    """The settings of a measurement: `python file.py '{"threads": 2, …}'`. An unknown or missing key ends the program."""
    defaults = {"device": "cpu", "threads": 1, **defaults}
    given = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    unknown = sorted(given.keys() - defaults.keys() - set(required))
    missing = sorted(set(required) - given.keys())
    if unknown or missing:
        sys.exit(f"unknown settings: {unknown}, missing settings: {missing}; known: {sorted([*required, *defaults])}")
    settings = {**defaults, **given}
    torch.set_num_threads(settings["threads"])
    torch.set_num_interop_threads(1)
    return settings


def finished(device: str) -> None:
    """Waits for what a GPU was given to do: its calls return before it has done it."""
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def measure(call: Callable[[], object], settings: dict) -> list[float]:
    """Wall time of each run in milliseconds, after runs that are not counted."""
    for _ in range(settings["warmup"]):
        call()
    times = []
    for _ in range(settings["runs"]):
        finished(settings["device"])
        start = time.perf_counter()
        call()
        finished(settings["device"])
        times.append((time.perf_counter() - start) * 1000)
    return times


def report(settings: dict, times: list[float], **more) -> None:
    print(
        json.dumps(
            {
                "median_ms": statistics.median(times),
                "runs": times,
                **more,
                "settings": settings,
                # Kilobytes on Linux, bytes on macOS.
                "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                * (1 if sys.platform == "darwin" else 1024),
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "python": platform.python_version(),
            }
        )
    )
