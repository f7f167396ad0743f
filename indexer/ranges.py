"""Which numbers lie in many ranges?  All of them as one array."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def ranges(starts: npt.NDArray[Any], stops: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return all numbers from each start up to its stop, one range behind the other."""
    lengths = stops - starts
    ends = np.cumsum(lengths)
    numbers: npt.NDArray[np.int64] = np.repeat(stops - ends, lengths)
    numbers += np.arange(len(numbers))
    return numbers
