"""Which numbers lie in many ranges?  All of them as one array."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def ranges(starts: npt.NDArray[Any], stops: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return all numbers from each start up to its stop, one range behind the other; in the type of
    the stops, which has to hold how many they are, too.
    """
    lengths = stops - starts
    ends = lengths.cumsum(dtype=stops.dtype)
    numbers = np.repeat(stops - ends, lengths)
    numbers += np.arange(len(numbers), dtype=stops.dtype)
    return numbers
