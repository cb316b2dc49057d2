-- Declared fields by which lists sort and by whose ranges they are filtered: their values stand in one typed table with fixed indexes, a row for each record
-- of the kind, so that none is missing from a list that sorts by it.
alter table field_definitions
    add column promoted boolean not null default false,
    -- null, gathering, ready, or removing; what is wanted is told by promoted
    add column promotion text check (promotion in ('gathering', 'ready', 'removing')),
    -- while it is gathered or removed: the transactions that may not have seen that began before this one; and the last record that was looked at
    add column promotion_since xid8,
    add column promotion_after uuid;

drop trigger field_definitions_change_log on field_definitions;
create trigger field_definitions_change_log after insert or update or delete on field_definitions
    for each row execute function write_change_log('field_definition', '{version,updated_at,promotion,promotion_since,promotion_after}', '{}');

-- what there is to do
create index field_definitions_promotions_idx on field_definitions (promotion, id) where promotion in ('gathering', 'removing');
-- what a record of a kind keeps
create index field_definitions_promoted_idx on field_definitions (client_id, entity) where promotion is not null;

create table promoted_values (
    client_id uuid not null,
    definition_id uuid not null,
    record_id uuid not null,
    holds text not null check (holds in ('number', 'text', 'instant')), -- which of the three may be there
    number double precision,
    text text,
    instant timestamptz,
    primary key (client_id, definition_id, record_id)
);

-- Values of definitions that are purged: there is no foreign key, since who writes a record would wait for whoever purges a definition, and that one for all
-- of its values.
create table promotions_to_remove (
    client_id uuid not null,
    definition_id uuid not null,
    since xid8,
    primary key (client_id, definition_id)
);

-- ?sort=custom_fields.score, ?custom_fields.score[gt]=
create index promoted_values_number_idx on promoted_values (client_id, definition_id, number desc nulls last, record_id desc) where holds = 'number';
create index promoted_values_text_idx on promoted_values (client_id, definition_id, text desc nulls last, record_id desc) where holds = 'text';
create index promoted_values_instant_idx on promoted_values (client_id, definition_id, instant desc nulls last, record_id desc) where holds = 'instant';

-- A value of custom_fields as it is sorted by; nothing where it is none of the type, as values from before a declaration may be.
-- Its forms are those that every reader of a page's last row understands alike.
create function promoted_value(type text, value jsonb, out holds text, out number double precision, out text text, out instant timestamptz)
language plpgsql stable as $$
declare
    given text := value #>> '{}';
begin
    holds := case when type in ('number', 'integer') then 'number' when type in ('date_time', 'date') then 'instant' else 'text' end;
    if holds = 'number' and jsonb_typeof(value) = 'number' then
        number := given::double precision;
    elsif type = 'date' and jsonb_typeof(value) = 'string' and given ~ '^([1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-[0-9]{2}-[0-9]{2}$' then
        instant := given || 'T00:00:00Z';
    elsif type = 'date_time' and jsonb_typeof(value) = 'string'
        and given ~ '^([1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,7})?)?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$' then
        instant := regexp_replace(given, '(\.[0-9]{6})[0-9]', '\1');
    elsif holds = 'text' and jsonb_typeof(value) = (case type when 'boolean' then 'boolean' else 'string' end) and length(given) <= 500 then
        text := given;
    end if;
exception
    when numeric_value_out_of_range or datetime_field_overflow or invalid_datetime_format then
        null; -- 1e400, or the 31st of February
end $$;

create function set_promotion() returns trigger
language plpgsql as $$
begin
    if new.promoted and new.deleted_at is null then
        if new.promotion is null then
            new.promotion := 'gathering';
            new.promotion_since := null;
            new.promotion_after := null;
        end if;
    elsif new.promotion in ('gathering', 'ready') then
        new.promotion := 'removing';
        new.promotion_since := null;
    end if;

    if new.promoted and new.deleted_at is null and (tg_op = 'INSERT' or not old.promoted or old.deleted_at is not null) then
        perform pg_advisory_xact_lock(hashtextextended('mediaplatform.schema.' || new.client_id, 0));
        if (
            select count(*)
            from field_definitions f
            where f.client_id = new.client_id and f.entity = new.entity and f.promotion is not null and f.promoted and f.deleted_at is null and f.id <> new.id) >= 20 then
            raise exception 'too many promoted fields' using errcode = 'check_violation', constraint = 'field_definitions_promoted_limit';
        end if;
    end if;
    return new;
end $$;

create function leave_promoted_values() returns trigger
language plpgsql as $$
begin
    insert into promotions_to_remove (client_id, definition_id)
    values (old.client_id, old.id);
    return null;
end $$;

create trigger field_definitions_values_left after delete on field_definitions
    for each row when (old.promotion is not null) execute function leave_promoted_values();

create trigger field_definitions_promotion before insert or update on field_definitions
    for each row execute function set_promotion();

-- The values of a record that is written or deleted; tg_argv has its kind as paths have it.
create function keep_promoted_values() returns trigger
language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        delete from promoted_values p
        using field_definitions f
        where f.client_id = old.client_id and f.entity = tg_argv[0] and f.promotion is not null
            and p.client_id = f.client_id and p.definition_id = f.id and p.record_id = old.id;
        return null;
    end if;

    insert into promoted_values (client_id, definition_id, record_id, holds, number, text, instant)
    select f.client_id, f.id, new.id, v.holds, v.number, v.text, v.instant
    from field_definitions f
    cross join lateral promoted_value(f.type, new.custom_fields -> f.name) v
    where f.client_id = new.client_id and f.entity = tg_argv[0] and f.promotion in ('gathering', 'ready')
    order by f.id
    on conflict (client_id, definition_id, record_id) do update
    set holds = excluded.holds, number = excluded.number, text = excluded.text, instant = excluded.instant;
    return null;
end $$;

create function bear_promoted_values(entity text, records regclass) returns void
language plpgsql as $$
begin
    execute format('create trigger %1$I after insert or delete on %2$s for each row execute function keep_promoted_values(%3$L)', records || '_promoted_values', records, entity);
    execute format(
        'create trigger %1$I after update of custom_fields on %2$s for each row when (old.custom_fields is distinct from new.custom_fields) execute function keep_promoted_values(%3$L)',
        records || '_promoted_changes', records, entity);
end $$;

create function stop_bearing_promoted_values(records regclass) returns void
language plpgsql as $$
begin
    execute format('drop trigger %I on %s', records || '_promoted_values', records);
    execute format('drop trigger %I on %s', records || '_promoted_changes', records);
end $$;

select bear_promoted_values('media', 'media_assets');
select bear_promoted_values(replace(records, '_', '-'), records::regclass)
from unnest('{shows,episodes,wardrobe_items,talent_sources,clips,outfits,ui_elements,backgrounds,components,guests}'::text[]) records;

create function remove_promoted_values(client uuid, definition uuid, at_most int) returns int
language sql as $$
    with found as materialized (
        select ctid
        from promoted_values
        where client_id = client and definition_id = definition
        limit at_most
    ), removed as (
        delete from promoted_values
        where ctid = any (array(select ctid from found))
    )
    select count(*)::int
    from found
$$;

-- A step of what promotions ask for, at most so many records of one definition; gives how many those were, and null when there is nothing to do now.
-- Before anything is gathered or removed, whoever wrote a record without having seen that must have ended. A value that is there already is of a later
-- write, so it stays. Who waits for this transaction is not waited for: it gives up, and comes again.
create function advance_promotion(at_most int) returns int
language plpgsql as $$
declare
    definition field_definitions;
    purged promotions_to_remove;
    records regclass;
    seen int;
    last uuid;
begin
    set local lock_timeout = '200ms';
    select *
    into purged
    from promotions_to_remove
    where since is null or since <= pg_snapshot_xmin(pg_current_snapshot()) or since > pg_snapshot_xmax(pg_current_snapshot())
    order by random()
    limit 1
    for update skip locked;
    if found then
        -- a number above all is of another cluster, from which this database was restored
        if purged.since is null or purged.since > pg_snapshot_xmax(pg_current_snapshot()) then
            update promotions_to_remove
            set since = pg_current_xact_id()
            where client_id = purged.client_id and definition_id = purged.definition_id;
            return 0;
        end if;

        seen := remove_promoted_values(purged.client_id, purged.definition_id, at_most);
        if seen < at_most then
            delete from promotions_to_remove
            where client_id = purged.client_id and definition_id = purged.definition_id;
        end if;
        return seen;
    end if;

    -- by chance, so that one that cannot go on keeps nobody
    select *
    into definition
    from field_definitions
    where promotion in ('gathering', 'removing')
        and (
            promotion_since is null or promotion_since <= pg_snapshot_xmin(pg_current_snapshot())
            or promotion_since > pg_snapshot_xmax(pg_current_snapshot()))
    order by random()
    limit 1
    for no key update skip locked;
    if not found then
        return null;
    end if;

    if definition.promotion_since is null or definition.promotion_since > pg_snapshot_xmax(pg_current_snapshot()) then
        update field_definitions
        set promotion_since = pg_current_xact_id()
        where client_id = definition.client_id and id = definition.id;
        return 0;
    end if;

    if definition.promotion = 'removing' then
        seen := remove_promoted_values(definition.client_id, definition.id, at_most);
        if seen < at_most then
            update field_definitions
            set promotion = null, promotion_since = null, promotion_after = null -- and gathering again where it is wanted again
            where client_id = definition.client_id and id = definition.id;
        end if;
        return seen;
    end if;

    records := case definition.entity when 'media' then 'media_assets' else replace(definition.entity, '-', '_') end;
    execute format(
        $sql$
        with batch as materialized (
            select id, custom_fields -> $1 as value
            from %s
            where client_id = $2 and ($3 is null or id > $3)
            order by id
            limit $4
            for key share
        ), gathered as (
            insert into promoted_values (client_id, definition_id, record_id, holds, number, text, instant)
            select $2, $5, batch.id, v.holds, v.number, v.text, v.instant
            from batch
            cross join lateral promoted_value($6, batch.value) v
            on conflict (client_id, definition_id, record_id) do nothing
        )
        select count(*), (array_agg(id order by id desc))[1]
        from batch
        $sql$, records)
    into seen, last
    using definition.name, definition.client_id, definition.promotion_after, at_most, definition.id, definition.type;
    update field_definitions
    set promotion = case when seen < at_most then 'ready' else 'gathering' end, promotion_after = case when seen = at_most then last end
    where client_id = definition.client_id and id = definition.id;
    return seen;
end $$;

-- promoted belongs to what is in force
create or replace function definition_in_force(definition field_definitions) returns jsonb
language sql immutable parallel safe as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'purpose', definition.purpose, 'type', definition.type, 'required', definition.required, 'pattern', definition.pattern, 'minimum', definition.minimum,
        'maximum', definition.maximum, 'max_length', definition.max_length, 'allowed_values', to_jsonb(definition.allowed_values), 'default_value', definition.default_value,
        'deprecated', definition.deprecated, 'deprecation_reason', definition.deprecation_reason, 'promoted', nullif(definition.promoted, false)))
    where definition.deleted_at is null and definition.approval_status = 'approved'
$$;
