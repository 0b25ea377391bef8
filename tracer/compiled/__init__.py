"""Running a rule as code made for the shapes of its arguments, where those prove enough.

What is proved: `shapes` of values, by `refusals` (from the source alone), `variables`,
`expressions` and `calls`, together `proof`. What is made: `codegen` walks the statements of a rule;
`texts` and `captures` say where it has the values of a run; a `reporter` says what is reported:
text in a style (`to_text`, by `templates`) or steps (`to_steps`); `sources` loads what was made.
`runner` makes code once for each kind of arguments and runs it.
"""
