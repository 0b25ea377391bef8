"""A judge of traces that shares no code with the tracer.

It runs the plain rule under ``sys.settrace``, copies what every variable holds before and after
each statement, and holds a trace's text and JSON against that. `describing` has the texts of
values, `program` the rule's statements, `watching` the run, `equations` the arithmetic, `steps`
what the JSON says, `reading` what the text says, `judging` puts them together, and `rows` makes
programs from the files of public sets.
"""
