"""Modules compiled with hooks, which record statements while `rfft.tracer.recording` is on."""

from .recorded.instrumenter import compile_instrumented

__all__ = ["compile_instrumented"]
