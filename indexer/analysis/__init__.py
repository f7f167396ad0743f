"""How does text become terms?  Folding, units that find, words that rank."""

from indexer.analysis.terms import analyse, date_key
from indexer.analysis.units import BlockUnits, Units, cut, cut_blocks, is_mark, spell
from indexer.analysis.words import Segmenter, in_words, read_user_words

__all__ = [
    "BlockUnits",
    "Segmenter",
    "Units",
    "analyse",
    "cut",
    "cut_blocks",
    "date_key",
    "in_words",
    "is_mark",
    "read_user_words",
    "spell",
]
