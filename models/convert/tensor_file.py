"""Tensor files: a JSON header beside the raw values, little-endian, in row-major order.

    input.json
    {"schema":1,"name":"input","dtype":"float32","shape":[1,3,224,224],"data":"input.bin","sha256":"…"}
    input.bin

The runner and the comparison read the same format, so neither needs torch or NumPy.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convert.errors import ConvertError

DTYPES = ("float32", "float16", "int64", "int32", "uint8", "bool")


def write_tensor(header: Path, name: str, values: NDArray[np.generic]) -> None:
    """Write `header` and the data file beside it; `name` is the tensor's name in the model."""
    dtype = str(values.dtype)
    if dtype not in DTYPES:
        raise ValueError(f'Cannot write tensor "{name}": dtype {dtype} is not one of {", ".join(DTYPES)}')
    raw = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes()
    data = header.with_suffix(".bin")
    data.write_bytes(raw)
    write_json(
        header,
        {
            "schema": 1,
            "name": name,
            "dtype": dtype,
            "shape": list(values.shape),
            "data": data.name,
            "sha256": hashlib.sha256(raw).hexdigest(),
        },
    )


def read_tensor(header: Path) -> NDArray[np.generic]:
    """Read a tensor file and check its size and digest."""
    fields = json.loads(header.read_text())
    if fields.get("schema") != 1:
        raise ConvertError(
            f'Cannot read "{header.name}": unknown schema {fields.get("schema")}', "Build it anew"
        )
    raw = (header.parent / fields["data"]).read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    if digest != fields["sha256"]:
        raise ConvertError(
            f'Cannot read "{fields["data"]}": sha256 is {digest}, "{header.name}" says {fields["sha256"]}',
            "Build it anew",
        )
    return np.frombuffer(raw, np.dtype(fields["dtype"]).newbyteorder("<")).reshape(fields["shape"]).copy()


def write_json(path: Path, value: object) -> None:
    """Write JSON as people read it, with a newline at the end."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
