"""Which documents answer, on Whoosh?  Its index, with postings and facets as arrays.

Whoosh owns the schema, the segments, the stored fields, the columns and the term dictionary.
What is ours is the format of postings and columns: arrays that numpy reads from mapped memory,
since a posting loop in Python cannot be fast.
"""

from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.writer import WhooshWriter, link

__all__ = ["WhooshEngine", "WhooshWriter", "link"]
