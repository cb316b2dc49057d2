create or replace function write_change_log() returns trigger
language plpgsql as $$
declare
    machine text[] := tg_argv[1]::text[];
    secret text[] := tg_argv[2]::text[];
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
            when tg_op = 'INSERT' then jsonb_build_object('new', a.value)
            when tg_op = 'DELETE' then jsonb_build_object('old', b.value)
            else jsonb_build_object('old', b.value, 'new', a.value)
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

    insert into change_log (client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes)
    values (
        case when tg_table_name = 'clients' then whole ->> 'id' else whole ->> 'client_id' end::uuid,
        coalesce(acting_kind, 'database'),
        nullif(current_setting('mediaplatform.actor_id', true), '')::uuid,
        coalesce(nullif(current_setting('mediaplatform.request_id', true), ''), case when acting_kind is null then session_user end),
        tg_argv[0],
        (whole ->> 'id')::uuid,
        lower(tg_op),
        coalesce(changed, '{}'));
    return null;
end $$;

create or replace function create_change_log_partitions(starting date, months int) returns void
language plpgsql as $$
declare
    month date := date_trunc('month', starting)::date;
    lower_bound timestamptz;
    upper_bound timestamptz;
    command text;
begin
    for i in 0 .. months - 1 loop
        lower_bound := month::timestamp at time zone 'UTC';
        upper_bound := (month + interval '1 month')::timestamp at time zone 'UTC';
        command := format(
            'create table if not exists change_log_%s partition of change_log for values from (%L) to (%L)', to_char(month, 'YYYYMM'), lower_bound, upper_bound);
        begin
            execute command;
        exception when check_violation then
            alter table change_log detach partition change_log_default;
            execute command;
            with moved as (
                delete from change_log_default
                where occurred_at >= lower_bound and occurred_at < upper_bound
                returning id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes
            )
            insert into change_log (id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes)
            overriding system value
            select id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes
            from moved;
            alter table change_log attach partition change_log_default default;
        end;
        month := (month + interval '1 month')::date;
    end loop;
end $$;

drop function logged_value(jsonb);
alter table change_log drop column critical;
