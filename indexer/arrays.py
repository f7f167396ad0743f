"""How do arrays lie in a file?  As numpy writes them, one behind the other, to be mapped."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from pathlib import Path
from tokenize import TokenError
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_ALIGNED: Final = 64
"""Arrays begin at multiples of so many bytes."""


def write_arrays(path: Path, arrays: Iterable[Array]) -> None:
    """Write arrays into a file."""
    with path.open("wb") as file:
        for array in arrays:
            np.save(file, array, allow_pickle=False)
            file.write(bytes(-file.tell() % _ALIGNED))


def mapped_arrays(path: Path) -> list[Array]:
    """Return the arrays of a file, in mapped memory.  Raises `ValueError` when it is not whole."""
    arrays: list[Array] = []
    with path.open("rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        while file.tell() < len(memory):
            np.lib.format.read_magic(file)
            try:
                shape, _, kind = np.lib.format.read_array_header_1_0(file)
            except (SyntaxError, TokenError) as error:
                raise ValueError("no header of an array") from error
            count = int(np.prod(shape, dtype=np.int64))
            flat = np.frombuffer(memory, kind, count, file.tell())
            arrays.append(flat.reshape(shape))
            end = file.tell() + flat.nbytes
            file.seek(end + -end % _ALIGNED)
    return arrays
