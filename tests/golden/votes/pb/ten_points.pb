META
key;value
description;Ten points each
country;United Kingdom
unit;Made up
instance;2026
num_projects;7
num_votes;41
budget;12100
vote_type;cumulative
rule;greedy
date_begin;01.10.2026
date_end;14.10.2026
language;en
currency;GBP
min_length;1
max_length;4
max_sum_points;10
PROJECTS
project_id;cost;votes;score;name;selected
7;4200;21;107;Car club;1
2;1700;20;85;Bus to town;1
3;3600;18;60;Youth club;1
4;1600;24;42;Allotments;1
1;2700;13;41;Library hours;0
5;2400;7;29;Path to school;0
6;4700;8;16;Book swap;0
VOTES
voter_id;vote;points
1;7,6,2;7,2,1
2;7,4;8,1
3;3,6,2,7;3,3,2,1
4;2,4;8,1
5;7,6,2;7,2,1
6;7,6,2;7,2,1
7;1,3;6,2
8;2,7;9,1
9;1,3;6,2
10;3,4,1;4,4,1
11;2,7,3,6;5,3,1,1
12;5,1,4;6,2,1
13;2,4;8,1
14;3,4,1;4,4,1
15;1,5,3,2;6,2,1,1
16;7,4;8,1
17;7,6,2;7,2,1
18;3,4,1;4,4,1
19;7,4;8,1
20;3,4,2;7,1,1
21;5,1,4;6,2,1
22;7,4;8,1
23;1,3;6,2
24;2,7;9,1
25;3,4,1;4,4,1
26;2,7;9,1
27;5,1,4;6,2,1
28;2,4;8,1
29;7,6,2;7,2,1
30;7,6,2;7,2,1
31;3,4,2;7,1,1
32;7,4;8,1
33;5,7,4,3;3,3,2,2
34;3,4,2;7,1,1
35;5,7,4,3;3,3,2,2
36;3,4,1;4,4,1
37;2,7;9,1
38;7,4;8,1
39;2,4;8,1
40;1,3;6,2
41;5,7,4,3;3,3,2,2
