META
key;value
description;Pound by pound
country;United Kingdom
unit;Made up
instance;2026
num_projects;3
num_votes;6
budget;400000
vote_type;approval
rule;equalshares/add1
date_begin;01.10.2026
date_end;14.10.2026
language;en
currency;GBP
PROJECTS
project_id;cost;votes;name;selected
1;260000;4;New kitchen;1
2;312000;2;Lift;0
3;90000;1;Signs;1
VOTES
voter_id;vote
1;1
2;1
3;3,1
4;2
5;1
6;2
