select stop_bearing_tags('channel');
select stop_bearing_tags('set');

-- When each of these people was last in a session.
create or replace function note_activity(client uuid, persons uuid[]) returns void
language plpgsql as $$
begin
    perform from people where client_id = client and id = any(persons) order by id for no key update; -- in their order: whoever else notes the same ones waits and does not lock us out
    update people p
    set last_active_on = latest.day
    from (
        select person.id, (
            select max((coalesce(s.produced_end_at, s.produced_start_at) at time zone 'UTC')::date)
            from session_participants sp
            join sessions s on s.client_id = client and s.id = sp.session_id
            where sp.client_id = client and sp.person_id = person.id and s.deleted_at is null) as day
        from unnest(persons) person (id)
    ) latest
    where p.client_id = client and p.id = latest.id and p.last_active_on is distinct from latest.day;
end $$;

drop table set_sessions;
drop view set_label_evidence;
drop table set_label_claims;
drop table credit_resolutions;
drop view set_participant_support;
drop table set_participants;
drop table set_credits;
drop table sets;
drop table channel_labels;
drop table channels;

drop function keep_raw_credits();
drop function leave_credits_unresolved();
drop function note_activity_of_credits();
drop function note_activity_of_sets();

do $$
declare
    of_client record;
begin
    for of_client in select client_id, array_agg(id) as ids from people where last_active_on is not null group by client_id loop
        perform note_activity(of_client.client_id, of_client.ids);
    end loop;
end $$;

delete from field_definitions where entity in ('channels', 'sets');
delete from promoted_values v where not exists (select from field_definitions f where f.id = v.definition_id);
delete from promotions_to_remove v where not exists (select from field_definitions f where f.id = v.definition_id);
