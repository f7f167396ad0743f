"""What text is in this file?

Deliberately not done here: no understanding of what a text means, and no reading of scans.
"""

from indexer.readers.confine import ConfinedReader
from indexer.readers.reading import read
from indexer.readers.walk import Found, walk

__all__ = ["ConfinedReader", "Found", "read", "walk"]
