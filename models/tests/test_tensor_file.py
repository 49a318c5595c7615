"""Tensor files."""

import hashlib
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from convert.errors import ConvertError
from convert.tensor_file import DTYPES, read_tensor, write_tensor


class TensorFile(unittest.TestCase):
    """`write_tensor()` and `read_tensor()`."""

    def setUp(self) -> None:
        """Make a folder for the test."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.header = Path(folder.name) / "input3.json"

    def test_the_header_says_what_the_data_file_holds(self) -> None:
        write_tensor(self.header, "input", np.array([[1.5, -2.0]], np.float32))
        raw = bytes.fromhex("0000c03f000000c0")
        self.assertEqual(self.header.with_suffix(".bin").read_bytes(), raw)
        self.assertEqual(
            json.loads(self.header.read_text()),
            {
                "schema": 1,
                "name": "input",
                "dtype": "float32",
                "shape": [1, 2],
                "data": "input3.bin",
                "sha256": hashlib.sha256(raw).hexdigest(),
            },
        )

    def test_every_dtype_survives_the_round_trip(self) -> None:
        for dtype in DTYPES:
            with self.subTest(dtype):
                values = np.array([[0, 1], [1, 0], [1, 1]], dtype)
                write_tensor(self.header, "x", values)
                back = read_tensor(self.header)
                self.assertEqual((back.dtype, back.tolist()), (values.dtype, values.tolist()))

    def test_a_transposed_view_is_written_in_row_major_order(self) -> None:
        values = np.arange(6, dtype=np.int32).reshape(2, 3).T
        write_tensor(self.header, "x", values)
        self.assertEqual(read_tensor(self.header).tolist(), values.tolist())

    def test_a_dtype_outside_the_format_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "dtype float64"):
            write_tensor(self.header, "x", np.zeros(1))

    def test_a_changed_data_file_is_refused_with_both_digests(self) -> None:
        write_tensor(self.header, "x", np.zeros(4, np.uint8))
        self.header.with_suffix(".bin").write_bytes(b"\1\0\0\0")
        with self.assertRaisesRegex(
            ConvertError, r'Cannot read "input3.bin": sha256 is 67\w+, .* says df\w+'
        ):
            read_tensor(self.header)

    def test_an_unknown_schema_is_named(self) -> None:
        self.header.write_text('{"schema": 2}')
        with self.assertRaisesRegex(ConvertError, "unknown schema 2"):
            read_tensor(self.header)


if __name__ == "__main__":
    unittest.main()
