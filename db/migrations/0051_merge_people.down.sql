drop trigger person_aliases_changed on person_aliases;
create trigger person_aliases_changed after update on person_aliases referencing new table as changed for each statement execute function name_by_aliases();
drop function name_by_moved_aliases();

drop table person_merges;
alter table people drop column merged_into;
