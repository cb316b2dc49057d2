-- The same entries for less: what was inserted or deleted is looked at once, and an update's fields by their names; a row of ten columns took half a millisecond.
create or replace function write_change_log() returns trigger
language plpgsql as $$
declare
    machine text[] := tg_argv[1]::text[];
    secret text[] := tg_argv[2]::text[];
    for_ever text[] := coalesce(tg_argv[3], '{}')::text[];
    before jsonb;
    after jsonb;
    whole jsonb;
    changed jsonb;
    acting_kind text := nullif(current_setting('mediaplatform.actor_kind', true), '');
begin
    if tg_op = 'INSERT' then
        after := to_jsonb(new);
        whole := after;
        select jsonb_object_agg(key, case when key = any (secret) then '{"redacted": true}'::jsonb else jsonb_build_object('new', logged_value(value)) end)
        into changed
        from jsonb_each(after - machine)
        where value <> 'null';
    elsif tg_op = 'DELETE' then
        before := to_jsonb(old);
        whole := before;
        select jsonb_object_agg(key, case when key = any (secret) then '{"redacted": true}'::jsonb else jsonb_build_object('old', logged_value(value)) end)
        into changed
        from jsonb_each(before - machine)
        where value <> 'null';
    else
        before := to_jsonb(old) - machine;
        after := to_jsonb(new) - machine;
        if before = after then
            return null;
        end if;
        whole := after;
        select jsonb_object_agg(
            key, case when key = any (secret) then '{"redacted": true}'::jsonb else jsonb_build_object('old', logged_value(before -> key), 'new', logged_value(value)) end)
        into changed
        from jsonb_each(after)
        where value is distinct from before -> key;
        if changed is null then
            return null;
        end if;
    end if;

    insert into change_log (client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes, critical)
    values (
        case when tg_table_name = 'clients' then whole ->> 'id' else whole ->> 'client_id' end::uuid,
        coalesce(acting_kind, 'database'),
        nullif(current_setting('mediaplatform.actor_id', true), '')::uuid,
        coalesce(nullif(current_setting('mediaplatform.request_id', true), ''), case when acting_kind is null then session_user end),
        tg_argv[0],
        (whole ->> 'id')::uuid,
        lower(tg_op),
        coalesce(changed, '{}'),
        coalesce(tg_op = 'DELETE' or for_ever = '{*}' or changed ? 'deleted_at' or changed ?| for_ever, false));
    return null;
end $$;
