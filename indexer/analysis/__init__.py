"""How does text become terms?  Folding, units that find, words that rank."""

from indexer.analysis.fold import MARK
from indexer.analysis.likeness import NUMBERS, Signature, likeness, signature
from indexer.analysis.terms import analyse, date_key, facet_values
from indexer.analysis.units import BlockUnits, Units, cut, cut_blocks, is_mark, spell, spell_all
from indexer.analysis.words import (
    Segmenter,
    general_dictionary,
    in_words,
    read_user_words,
    word_class,
)

__all__ = [
    "MARK",
    "NUMBERS",
    "BlockUnits",
    "Segmenter",
    "Signature",
    "Units",
    "analyse",
    "cut",
    "cut_blocks",
    "date_key",
    "facet_values",
    "general_dictionary",
    "in_words",
    "is_mark",
    "likeness",
    "read_user_words",
    "signature",
    "spell",
    "spell_all",
    "word_class",
]
