"""A page to look at a trace: one HTML file that needs nothing else.

`page` shows one trace, `document` several of them, each made by `view`. A view is made from the
record of a trace (see `rfft.tracer.records`), so it can be made where the rule is not run. Whatever
is shown comes from a rule or a model and is treated as hostile: it goes into the file as data, and
the file's own script puts it on the page as text (see `document`).
"""

from .document import document, page
from .inline import framed
from .view import View, view

__all__ = ["View", "document", "framed", "page", "view"]
