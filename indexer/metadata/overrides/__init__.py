"""What did the operator put right?

Front matter, the table of a folder and a side file state values of a bulletin, each with more
weight than the one before.  Deliberately not done here: finding the files, and changing the text.
"""

from indexer.metadata.notation import Invalid
from indexer.metadata.overrides.applying import put_right
from indexer.metadata.overrides.statements import FRONT, Statement, invalid, resolve
from indexer.metadata.overrides.tables import folder_table, side_file, states_only_ours
from indexer.metadata.overrides.values import codec

__all__ = [
    "FRONT",
    "Invalid",
    "Statement",
    "codec",
    "folder_table",
    "invalid",
    "put_right",
    "resolve",
    "side_file",
    "states_only_ours",
]
