-- A script of a film is not copied into the log with each comma that changes: what is long is logged by its length and its hash, which
-- show that it changed, and whether a text at hand is the one. And a change says itself whether it is kept for ever.

alter table change_log add column critical boolean not null default false;

comment on column change_log.critical is 'kept when the log of its month is forgotten: deletions, what goes to the trash and comes back, and what a table''s trigger names';

-- A value as it is logged. Of texts the characters count and are hashed (UTF-8); of lists and objects their JSON, as PostgreSQL writes it.
create function logged_value(value jsonb) returns jsonb
language sql immutable parallel safe as $$
    select case
        when length(value #>> '{}') > 2000 then
            jsonb_build_object('length', length(value #>> '{}'), 'sha256', encode(sha256(convert_to(value #>> '{}', 'UTF8')), 'hex'))
        else value
    end
$$;

-- The fourth argument, which may be left out: the columns whose changes are kept for ever; '{*}' for the whole record.
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

-- As before, with the column that came.
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
                returning id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes, critical
            )
            insert into change_log (id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes, critical)
            overriding system value
            select id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes, critical
            from moved;
            alter table change_log attach partition change_log_default default;
        end;
        month := (month + interval '1 month')::date;
    end loop;
end $$;
