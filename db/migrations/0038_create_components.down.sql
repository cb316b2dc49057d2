select stop_bearing_tags('component');

drop table components;
