META
key;value
description;In order
country;United Kingdom
unit;Made up
instance;2026
num_projects;6
num_votes;31
budget;7400
vote_type;ordinal
rule;unknown
date_begin;01.10.2026
date_end;14.10.2026
language;en
currency;GBP
PROJECTS
project_id;cost;votes;score;name
3;4700;21;64;Village shop
1;2200;18;76;Swimming pool
5;1600;17;51;Farm visits
6;4000;20;53;Train station
2;1700;16;54;Skate park
4;3200;20;22;Cinema
VOTES
voter_id;vote
1;3
2;3,1,6,5,2,4
3;2,1,5,6,4
4;1,2,6,3,4
5;3
6;1,2,6,3,4
7;5,3,1,6,2,4
8;3
9;1,2,6,3,4
10;6,1
11;3,1,6,5,2,4
12;1,2,6,3,4
13;3,1,6,5,2,4
14;2,1,5,6,4
15;5,3,1,6,2,4
16;3
17;3,5
18;3,5
19;3
20;5,4
21;3,5
22;1,2,6,3,4
23;5,4
24;2,1,5,6,4
25;5,3,1,6,2,4
26;6
27;5,4
28;3,4,1,6
29;3,1,6,5,2,4
30;2,1,5,6,4
31;6
