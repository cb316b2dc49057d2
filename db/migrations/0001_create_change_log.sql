-- Who changed what, when: one row a change, written by a trigger, so that no path can forget it.
-- It is the audit and the event feed. Append-only; partitioned by month, so that retention drops a partition.

create table change_log (
    id bigint generated always as identity,
    occurred_at timestamptz not null default clock_timestamp(),
    transaction_id xid8 not null default pg_current_xact_id(),
    client_id uuid,
    actor_kind text not null,
    actor_id uuid,
    request_id text,
    entity text not null,
    entity_id uuid not null,
    operation text not null check (operation in ('insert', 'update', 'delete')),
    changes jsonb not null,
    primary key (id, occurred_at)
) partition by range (occurred_at);

-- the history of one record, newest first
create index change_log_entity_idx on change_log (client_id, entity, entity_id, id desc);
-- what one request wrote
create index change_log_request_idx on change_log (request_id);

-- a safety net alone: the scheduler makes partitions two months ahead
create table change_log_default partition of change_log default;

create function create_change_log_partitions(starting date, months int) returns void
language plpgsql as $$
declare
    month date := date_trunc('month', starting)::date;
begin
    for i in 0 .. months - 1 loop
        execute format(
            'create table if not exists change_log_%s partition of change_log for values from (%L) to (%L)',
            to_char(month, 'YYYYMM'), month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
        month := (month + interval '1 month')::date;
    end loop;
end $$;

select create_change_log_partitions((now() at time zone 'UTC')::date, 3);

create function refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'the change log is append-only' using errcode = 'restrict_violation';
end $$;

create trigger change_log_is_append_only
    before update or delete on change_log
    for each row execute function refuse_change();

-- Arguments: the entity's name; the machine columns, which do not count as a change; the secret columns, whose values are not copied.
-- The actor comes from settings of the transaction; a write from elsewhere is logged as the database role that made it.
create function write_change_log() returns trigger
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
        case when key = any (secret) then '{"redacted": true}'::jsonb else jsonb_strip_nulls(jsonb_build_object('old', b.value, 'new', a.value)) end)
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
