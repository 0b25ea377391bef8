"""Sets of programs with inputs, as people publish them: read, put into one form, and kept.

`layouts` has the fields of each kind of set, `reading` reads files of any size row by row,
`collect` makes the one form of them, and `stored` reads that again.
"""
