"""What bulletin is this text?

Deliberately not done here: nothing is guessed from running text, and no block is dropped, merged,
split or moved.  What the masthead does not say is empty, with a notice.
"""

from indexer.metadata.authority import NONE, Authority, read_authority
from indexer.metadata.mentions import mentioned
from indexer.metadata.understanding import describe

__all__ = ["NONE", "Authority", "describe", "mentioned", "read_authority"]
