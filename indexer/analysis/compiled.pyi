from indexer.analysis.by_arrays import found as found
from indexer.analysis.by_arrays import numbered as numbered
from indexer.analysis.fold import Classes, Codes, Offsets

VERSION: int

def cut(folded: Codes, classes: Classes) -> tuple[Codes, tuple[str, ...], Offsets, Offsets]: ...
