"""What is said of each counting rule, a module for each family; the rules are in consult/counting.

Whatever module is put here is asked for its words.
"""

import pkgutil
from importlib import import_module

from consult.wording.rules.words import WORDS as WORDS
from consult.wording.rules.words import words_of as words_of

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
