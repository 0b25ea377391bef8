"""Plain English for Python: expressions as phrases, statements as numbered sentences.

`rfft.tracer.styles.english.outline` numbers the statements of a rule and makes their sentences. All
words come from the syntax tree and the kinds of values that show in it, so that a rule always reads
the same. What a method or an operator does is told only where the text shows that it is a built-in
type's; of others a sentence says that they are called: "Call q's pop." Style `natural` writes with
them.
"""
