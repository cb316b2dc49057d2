select stop_bearing_tags('clip');
select stop_bearing_tags('talent_source');

drop table clips;
drop trigger clients_talent_sources on clients;
drop function seed_talent_sources();
drop table talent_sources;
