"""Measures a model: its answers, their scores at each length, and why the wrong ones are wrong."""
