from array import array

VERSION: int

def listed(root: bytes) -> tuple[bytes, array[int], array[int], array[int]]: ...
