"""Writes test/reference/zstandard/*.zst with the program zstd (1.5.4): python3 tools/reference-zstandard.py

The originals are not stored: test/data/zstandard.test.ts makes them by the same rules.
"""

import pathlib
import subprocess

FOLDER = pathlib.Path(__file__).parent.parent / "test" / "reference" / "zstandard"
WORDS = "the river runs along its deepest line and the valley follows where water finds talweg".split()


def states(count, seed):
    """The highest 16 bits of a linear congruential generator (Numerical Recipes, 7.1)."""
    state = seed
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        yield state >> 16


ORIGINALS = {
    "empty": b"",
    "one": b"x",
    "random": bytes(s & 255 for s in states(500, 1)),
    "repetitive": b"abcabcabd" * 1_111_112,
    "zeros": bytes(10_000_000),
    "text": " ".join(WORDS[s * s // 65536 * 15 // 65536] for s in states(1000, 2)).encode(),
    "numbers": "\n".join(f"{s // 64}.{s % 64}" for s in states(250, 3)).encode(),
    "skewed": bytes((s * s // 65536) ** 2 // 65536 >> 10 for s in states(800, 4)),
}
LEVELS = {"1": ["-1"], "3": ["-3"], "19": ["-19"], "small": ["-19", "--zstd=wlog=10"]}

for old in FOLDER.glob("*.zst"):
    old.unlink()
for name, original in ORIGINALS.items():
    for level, options in LEVELS.items():
        if level == "small" and len(original) > 100_000:
            continue
        command = ["zstd", "-q", "-c", *options]
        packed = subprocess.run(command, input=original, stdout=subprocess.PIPE, check=True).stdout
        (FOLDER / f"{name}-{level}.zst").write_bytes(packed)
