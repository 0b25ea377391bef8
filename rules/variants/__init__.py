"""Variants of a program: the same in other words, made by codemods of libcst.

A file has one kind of change. `rfft.rules.variants.checked` has what others want of this package;
libcst takes long to load, so nothing is imported here.
"""
