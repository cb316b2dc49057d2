-- A client's own fields of a kind of records: what stands in custom_fields under a name, declared while the platform runs.
create table field_definitions (
    client_id uuid not null references clients (id),
    id uuid not null,
    entity text not null,
    name text not null check (name ~ '^[A-Za-z][A-Za-z0-9_-]*$'),
    purpose text not null,
    type text not null check (type in ('text', 'number', 'integer', 'boolean', 'date', 'date_time', 'enum', 'text_list', 'url', 'object')),
    required boolean not null,
    pattern text,
    minimum double precision,
    maximum double precision,
    max_length int check (max_length > 0),
    allowed_values text[] not null,
    default_value jsonb,
    deprecated boolean not null,
    deprecation_reason text,
    primary key (client_id, id),
    check (minimum <= maximum),
    check (not deprecated or deprecation_reason is not null)
);

select make_records('field_definition', 'field_definitions');

-- a name is declared once; and ?entity=, ?sort=name
create unique index field_definitions_name_unique on field_definitions (client_id, entity, name) where deleted_at is null;
create index field_definitions_name_idx on field_definitions (client_id, name, id) where deleted_at is null;

-- Every change of what is in force, kept for ever; the number of the last is the version of the client's schema, 1.N.
create table schema_changes (
    client_id uuid not null references clients (id),
    version int not null,
    id uuid not null default gen_random_uuid(),
    entity text not null,
    field text not null,
    definition_id uuid not null,
    change text not null check (change in ('added', 'changed', 'deprecated', 'removed')),
    before jsonb,
    after jsonb,
    occurred_at timestamptz not null default clock_timestamp(),
    actor_kind text not null,
    actor_id uuid,
    request_id text,
    primary key (client_id, version) -- the version, asked for with each write of a record
);

-- the changelog, newest first
create index schema_changes_list_idx on schema_changes (client_id, occurred_at desc, id desc);
-- the history of one kind of records, and of one field
create index schema_changes_entity_idx on schema_changes (client_id, entity, field, occurred_at desc, id desc);

-- What a definition says while it is in force: approved, and not in the trash. Else null.
create function definition_in_force(definition field_definitions) returns jsonb
language sql immutable parallel safe as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'purpose', definition.purpose, 'type', definition.type, 'required', definition.required, 'pattern', definition.pattern, 'minimum', definition.minimum,
        'maximum', definition.maximum, 'max_length', definition.max_length, 'allowed_values', to_jsonb(definition.allowed_values), 'default_value', definition.default_value,
        'deprecated', definition.deprecated, 'deprecation_reason', definition.deprecation_reason))
    where definition.deleted_at is null and definition.approval_status = 'approved'
$$;

create function write_schema_change() returns trigger
language plpgsql as $$
declare
    definition field_definitions;
    was jsonb; -- what was in force, and what is
    becomes jsonb;
begin
    if tg_op <> 'INSERT' then
        definition := old;
        was := definition_in_force(old);
    end if;
    if tg_op <> 'DELETE' then
        definition := new;
        becomes := definition_in_force(new);
    end if;

    -- one at a time in a client, so that versions have no gaps and what is counted stays so
    perform pg_advisory_xact_lock(hashtextextended('mediaplatform.schema.' || definition.client_id, 0));
    if tg_op <> 'DELETE' and definition.deleted_at is null
        and (select count(*) from field_definitions f where f.client_id = definition.client_id and f.entity = definition.entity and f.deleted_at is null) > 200 then
        raise exception 'too many fields' using errcode = 'check_violation', constraint = 'field_definitions_limit';
    end if;

    if was is distinct from becomes then
        insert into schema_changes (client_id, version, entity, field, definition_id, change, before, after, actor_kind, actor_id, request_id)
        select definition.client_id, coalesce(max(last.version), 0) + 1, definition.entity, definition.name, definition.id,
            case
                when was is null then 'added'
                when becomes is null then 'removed'
                when (becomes ->> 'deprecated')::boolean and not (was ->> 'deprecated')::boolean then 'deprecated'
                else 'changed'
            end,
            was, becomes, coalesce(nullif(current_setting('mediaplatform.actor_kind', true), ''), 'database'),
            nullif(current_setting('mediaplatform.actor_id', true), '')::uuid, nullif(current_setting('mediaplatform.request_id', true), '')
        from schema_changes last
        where last.client_id = definition.client_id;
    end if;
    return null;
end $$;

create trigger field_definitions_schema_change after insert or update or delete on field_definitions
    for each row execute function write_schema_change();
