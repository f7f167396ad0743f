"""How is something done beside something else?  In a thread that is over when that is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def beside(task: Callable[[], None]) -> Iterator[None]:
    """Do a task in a thread while a block is run; behind it both are over.  Raises what the block
    raises, else what the task raises.

    Who is interrupted while a thread is started does not know of it (`ThreadPoolExecutor` forgets
    it then): so the thread begins with nothing before it is known.
    """
    known = threading.Event()
    wanted = True
    errors: list[BaseException] = []

    def work() -> None:
        known.wait()
        if wanted:
            try:
                task()
            except BaseException as error:
                errors.append(error)

    thread = threading.Thread(target=work)
    try:
        thread.start()
        known.set()
        yield
    except BaseException:
        wanted = False
        raise
    finally:
        known.set()
        if thread.is_alive():
            thread.join()
    if errors:
        raise errors[0]
