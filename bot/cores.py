"""Lets NumPy's OpenBLAS use what the processor can do. Import this before NumPy.

The OpenBLAS that Rasa's NumPy brings (0.3.20) doesn't know processors younger than itself and takes them for
one of 2004, which makes the sentence encoder half as slow again.
"""

import os
from pathlib import Path
from typing import AbstractSet, Optional

CPU_INFO = Path("/proc/cpuinfo")  # Linux only; elsewhere OpenBLAS is left to guess
KERNELS = (
    ("SkylakeX", frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})),
    ("Haswell", frozenset({"avx2", "fma"})),
)
"""Kernels of OpenBLAS, the fastest first, and the features of a processor that each needs."""


def kernel_for(features: AbstractSet[str]) -> Optional[str]:
    """The fastest kernel that runs with these features; None when OpenBLAS guesses as well."""
    return next((name for name, needed in KERNELS if needed <= features), None)


def _features() -> AbstractSet[str]:
    if not CPU_INFO.is_file():
        return frozenset()
    lines = CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(next((line for line in lines if line.startswith("flags")), "").split())


def choose_kernel() -> None:
    """Name the kernel to OpenBLAS, unless somebody has already done so."""
    kernel = kernel_for(_features())
    if kernel is not None:
        os.environ.setdefault("OPENBLAS_CORETYPE", kernel)


choose_kernel()
