"""reverie.py but for the pauses before a failed request is tried again, which make a day of failures minutes longer.

Knows where the backend lies (the first argument) and the one function that waits; the other arguments are reverie's.
"""

import sys

sys.path.insert(0, sys.argv.pop(1))

import reverie  # noqa: E402  (it lies where the argument says)
from persona.prompt_template import gpt_structure  # noqa: E402

gpt_structure.Client.pause = lambda self, seconds: None
sys.exit(reverie.main())
