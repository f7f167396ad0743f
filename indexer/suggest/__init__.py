"""What may a reader have meant, or be about to type?  Completions, and corrections of mistakes.

Both are looked up in the names that the bulletins of the index offer: organizations and their
short names, titles, series and frequent phrases.  Nothing is offered that no bulletin has, and
nothing is put in the place of what was typed: a reader chooses.
"""

from indexer.suggest.names import keep_names, renew_names
from indexer.suggest.suggester import Correction, Suggester

__all__ = ["Correction", "Suggester", "keep_names", "renew_names"]
