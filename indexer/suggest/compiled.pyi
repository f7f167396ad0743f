from indexer.suggest.arranging import arranged as arranged
from indexer.suggest.choosing import chosen as chosen

VERSION: int
