META
key;value
description;What young people want
country;United Kingdom
unit;Made up
instance;2026
num_projects;8
num_votes;34
budget;6600
vote_type;approval
rule;equalshares/add1
date_begin;01.10.2026
date_end;14.10.2026
language;en
currency;GBP
PROJECTS
project_id;cost;votes;name;selected
7;1600;23;Garden beds;1
2;1800;17;Bike repair;1
6;2650;16;Street art;1
1;2900;9;Film nights;0
3;800;7;Climbing wall;0
4;2000;6;Music room;0
5;600;5;Cooking together;0
8;450;3;Chess tables;0
VOTES
voter_id;vote
1;5,6,7
2;6
3;2,7
4;4,6,7
5;2,4
6;5,6,7
7;5,6,7
8;3,6,7
9;2,6,8
10;1,2,3,7
11;1,2,3,7
12;6
13;2,4
14;2,7
15;2,6,8
16;2,7
17;1,2,3,7
18;2,6,8
19;1,2,3,7
20;2,4
21;2,7
22;1,7
23;5,6,7
24;1,7
25;6
26;4,6,7
27;5,6,7
28;3,6,7
29;1,2,3,7
30;1,7
31;2,7
32;1,7
33;2,4
34;6
