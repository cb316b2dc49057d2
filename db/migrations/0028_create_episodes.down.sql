select stop_bearing_tags('episode');
select stop_bearing_tags('show');

drop table episodes;
drop function default_show(uuid);
drop table shows;
