META
key;value
description;The green
country;United Kingdom
unit;Made up
instance;2026
num_projects;7
num_votes;33
budget;10700
vote_type;approval
rule;greedy-exclusive
date_begin;01.10.2026
date_end;14.10.2026
language;en
currency;GBP
comment;#1: Projects 2 and 5 both need the green and could not be implemented together.
PROJECTS
project_id;cost;votes;name;selected
3;3500;24;Picnic tables;1
2;1000;21;Play area on the green;1
4;3500;16;Outdoor gym;1
1;3200;15;Sports wall;0
5;1900;6;Football pitch on the green;0
6;3600;4;Water tap;0
7;1600;3;Dog field;1
VOTES
voter_id;vote
1;1,2,3
2;1,2,5
3;2,3,4
4;3,6
5;1,2,3
6;2,3
7;4,7
8;1,2,5
9;1,3,4
10;1,2,5
11;2,3
12;1,2,3
13;2,3
14;1,2,5
15;1,2,5
16;2,3,4
17;1,3,4
18;4,7
19;4,5,6,7
20;3,6
21;2,3,4
22;2,3,4
23;2,3
24;2,3,4
25;1,2,3
26;1,3,4
27;1,3,4
28;2,3,4
29;4
30;1,3,4
31;1,2,3
32;2,3,4
33;3,6
