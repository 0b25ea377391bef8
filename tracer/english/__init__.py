"""Plain English for Python: expressions as phrases, statements as numbered sentences.

`rfft.tracer.english.outline` numbers the statements of a rule and makes their sentences. All words
come from the syntax tree and the kinds of values that show in it, so that a rule always reads the
same. Style `natural` writes with them.
"""
