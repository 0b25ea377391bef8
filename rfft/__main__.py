"""``python -m rfft`` is ``rfft``."""

import sys

from rfft.tracer.commands.trace import main

sys.exit(main())
