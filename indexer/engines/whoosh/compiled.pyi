from indexer.engines.whoosh.by_numpy import Gains as Gains
from indexer.engines.whoosh.by_numpy import PackedLists as PackedLists
from indexer.engines.whoosh.by_numpy import Stream as Stream
from indexer.engines.whoosh.by_numpy import best as best
from indexer.engines.whoosh.by_numpy import count as count
from indexer.engines.whoosh.by_numpy import count_few as count_few
from indexer.engines.whoosh.by_numpy import documents_of as documents_of
from indexer.engines.whoosh.by_numpy import frequent as frequent
from indexer.engines.whoosh.by_numpy import in_bits as in_bits
from indexer.engines.whoosh.by_numpy import in_list as in_list
from indexer.engines.whoosh.by_numpy import put as put
from indexer.engines.whoosh.packing import packed as packed

VERSION: int
