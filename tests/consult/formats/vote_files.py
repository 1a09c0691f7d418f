"""Small invented files of votes, as text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from consult.formats import FormatError, read

Write = Callable[[str, str | bytes], Path]

PABULIB = """META
key;value
description;Green pot of Ashenmoor
country;United Kingdom
unit;Ashenmoor
instance;2031
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy
min_length;1
max_length;2
language;en
currency;GBP
PROJECTS
project_id;cost;votes;name;category;selected
p1;600;3;Orchard by the lock;greenery,public space;1
p2;500;2;"Benches; and a ""talking"" table";;0
p3;400;1;Rain garden;greenery;1
VOTES
voter_id;vote;age;sex;voting_method
a;p1,p2;33;F;internet
b;p3,p1;71;M;paper
c;p1;;;
d;p2;19;F;internet
"""

RANKED_PABULIB = """META
key;value
budget;10
vote_type;ordinal
PROJECTS
project_id;cost
x;4
y;5
z;6
VOTES
voter_id;vote
1;z,x
2;y,z,x
"""

POINTS_PABULIB = """META
key;value
budget;10
vote_type;cumulative
max_sum_points;5
PROJECTS
project_id;cost;score
x;4;3
y;5;4
VOTES
voter_id;vote;points
1;y,x;2,3
2;y;2
"""

STRICT_ORDERS = """# FILE NAME: invented.soi
# TITLE: Which bridge first
# DESCRIPTION: An invented poll
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Mill bridge
# ALTERNATIVE NAME 2: Lock bridge
# ALTERNATIVE NAME 3: Long bridge
3: 2,1
2: 3
1: 1,3,2
"""

CATEGORIES = """# TITLE: Which weekday
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 5
# NUMBER CATEGORIES: 2
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: No
# ALTERNATIVE NAME 1: Monday
# ALTERNATIVE NAME 2: Tuesday
# ALTERNATIVE NAME 3: Sunday
2: {3,1},2
2: 2,{1,3}
1: {},{1,2,3}
"""

WARD = """3,2,
5,1,
2,3,1,
1,2,1,3,
"Candidate 1","Ada Marsh","Marsh Party (MP)",
"Candidate 2","Bo Fenn","Independent (Ind)",
"Candidate 3","Cy Lea","Lea, and Meadow (LM)",
"Ward 9 - Ashen Lock","""


def refusal(path: Path) -> FormatError:
    """The refusal reading this file ends in."""
    with pytest.raises(FormatError) as caught:
        read(path)
    return caught.value
