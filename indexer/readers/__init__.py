"""What text is in this file?

Deliberately not done here: no understanding of what a text means, and no judging of what
was recognized in a picture: that is said in a notice.

Files are read by a child.  `reading` does it in the process that asks, and loads the libraries of
all formats, which nobody else needs: so it has no place at this door.
"""

from indexer.readers.confine import ConfinedReader
from indexer.readers.container import Opened, Room
from indexer.readers.found import Files, Found
from indexer.readers.ocr import recognizer
from indexer.readers.walk import TABLES, Walked, walk

__all__ = [
    "TABLES",
    "ConfinedReader",
    "Files",
    "Found",
    "Opened",
    "Room",
    "Walked",
    "recognizer",
    "walk",
]
