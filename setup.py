"""Which loops are compiled when jianbao is installed?  All else is in `pyproject.toml`."""

from pathlib import Path

import numpy as np
from setuptools import Extension, setup


def compiled(package: str) -> Extension:
    """Return the loops of a package.

    Where there is no C compiler numpy does what they do, and nothing is lost but time.
    """
    folder = Path("indexer", *package.split("."))
    return Extension(
        f"indexer.{package}.compiled",
        [str(folder / "compiled.pyx")],
        include_dirs=[np.get_include()],
        define_macros=[("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION")],
        depends=sorted(map(str, folder.glob("*.pxi"))),
        optional=True,
    )


PACKAGES = ("analysis", "engines.whoosh", "readers", "suggest")

setup(ext_modules=[compiled(package) for package in PACKAGES])
