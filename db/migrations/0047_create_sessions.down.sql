select stop_bearing_tags('session');

drop table session_participants;
drop table sessions;

drop function count_relabelling();

drop function note_activity_of_sessions();
drop function note_activity_of_participants();
drop function note_activity(uuid, uuid[]);

update people set last_active_on = null where last_active_on is not null;

alter table projects drop constraint projects_of_label;

delete from field_definitions where entity = 'sessions';
delete from promoted_values v where not exists (select from field_definitions f where f.id = v.definition_id);
delete from promotions_to_remove v where not exists (select from field_definitions f where f.id = v.definition_id);
