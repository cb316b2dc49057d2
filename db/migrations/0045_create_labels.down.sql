drop table label_networks;

select stop_bearing_tags('project');
select stop_bearing_tags('label');
select stop_bearing_tags('network');

drop table projects;
drop table labels;
drop table networks;
