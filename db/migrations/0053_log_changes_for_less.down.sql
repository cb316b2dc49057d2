create or replace function write_change_log() returns trigger
language plpgsql as $$
declare
    machine text[] := tg_argv[1]::text[];
    secret text[] := tg_argv[2]::text[];
    for_ever text[] := coalesce(tg_argv[3], '{}')::text[];
    before jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else to_jsonb(old) end;
    after jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) end;
    whole jsonb := case when tg_op = 'DELETE' then before else after end;
    changed jsonb;
    acting_kind text := nullif(current_setting('mediaplatform.actor_kind', true), '');
begin
    select jsonb_object_agg(
        key,
        case
            when key = any (secret) then '{"redacted": true}'::jsonb
            when tg_op = 'INSERT' then jsonb_build_object('new', logged_value(a.value))
            when tg_op = 'DELETE' then jsonb_build_object('old', logged_value(b.value))
            else jsonb_build_object('old', logged_value(b.value), 'new', logged_value(a.value))
        end)
    into changed
    from jsonb_each(before) b
    full join jsonb_each(after) a using (key)
    where a.value is distinct from b.value
        and coalesce(a.value, 'null') is distinct from coalesce(b.value, 'null')
        and key <> all (machine);

    if changed is null and tg_op = 'UPDATE' then
        return null;
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
