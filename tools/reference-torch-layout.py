"""Models as PyTorch stores them, and what it predicts with them.

    python3 tools/reference-torch-layout.py

writes test/reference/torch-*.safetensors and test/reference/torch-layout.json. The files hold the state_dict of an
nn.Sequential as safetensors.torch.save_file lays it out (tensors by falling size of their numbers, then by name, the
header padded to 8 bytes); the bytes are written here, so that PyTorch alone is needed.
"""

import json
import os
import platform
import struct

import torch
from torch import nn

SEED = 20240917
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "reference")
DTYPES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}


def bytes_of(tensor):
    flat = tensor.detach().contiguous().flatten()
    # NumPy has no bfloat16: its bits are a whole number as well.
    whole = {8: torch.int64, 4: torch.int32, 2: torch.int16}[flat.element_size()]
    return flat.view(whole).numpy().tobytes()


def save(name, state):
    order = sorted(state.items(), key=lambda item: (-item[1].element_size(), item[0]))
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key, tensor in order:
        raw = bytes_of(tensor)
        header[key] = {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    # Long enough for a module 10, which comes before 2 where names are sorted as text.
    deep = nn.Sequential(
        *[nn.Linear(3, 5), nn.Tanh()],
        *[nn.Linear(5, 4), nn.SELU()],
        *[nn.Linear(4, 4), nn.GELU()],
        *[nn.Linear(4, 4), nn.SiLU()],
        *[nn.Linear(4, 5), nn.ELU()],
        *[nn.Linear(5, 2, bias=False), nn.Softmax(dim=1)],
    )
    square = nn.Sequential(nn.Linear(3, 3), nn.Sigmoid(), nn.Linear(3, 3))
    x = (torch.randn(7, 3) * 64).round() / 64
    cases = []
    for name, model in [("deep", deep), ("square", square)]:
        for dtype in DTYPES if name == "deep" else [torch.float32]:
            file = f"torch-{name}-{DTYPES[dtype].lower()}.safetensors"
            state = {key: value.to(dtype) for key, value in model.state_dict().items()}
            save(file, state)
            wide = nn.Sequential(*[module for module in model]).double()
            wide.load_state_dict({key: value.double() for key, value in state.items()})
            with torch.no_grad():
                cases.append({"file": file, "output": wide(x.double()).flatten().tolist()})
            model.float()
    head = {
        "made_by": "tools/reference-torch-layout.py",
        "torch": torch.__version__,
        "python": platform.python_version(),
        "seed": SEED,
        "x": x.flatten().tolist(),
        "cases": cases,
    }
    with open(os.path.join(FOLDER, "torch-layout.json"), "w", encoding="ascii") as file:
        file.write(json.dumps(head, indent=1) + "\n")
    print(f"{len(cases)} files")


main()
