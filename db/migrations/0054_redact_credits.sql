-- A legal request is the one reason for which a raw credit is deleted: its name is, and that there was one is kept.
alter table set_credits
    add column redacted_at timestamptz,
    add constraint set_credits_redacted check (redacted_at is null or (raw_name = '[redacted]' and resolution_status = 'ignored'));

comment on column set_credits.redacted_at is 'when, by a legal request, its name was deleted';

alter table imports add column redacted_at timestamptz;

comment on column imports.redacted_at is 'when, by a legal request, a name was last deleted from the payload';
comment on column imports.payload_sha256 is 'of the payload as it came';

-- The only change of what was published, and only once.
drop trigger set_credits_raw on set_credits;
create trigger set_credits_raw before update of set_id, role, raw_name, position, redacted_at on set_credits
    for each row when (
        (old.set_id, old.role, old.position) is distinct from (new.set_id, new.role, new.position)
        or (old.raw_name is distinct from new.raw_name and not (old.redacted_at is null and new.redacted_at is not null and new.raw_name = '[redacted]'))
        or (old.redacted_at is not null and new.redacted_at is distinct from old.redacted_at))
    execute function keep_raw_credits();

drop trigger imports_raw on imports;
create trigger imports_raw before update of format, payload, payload_sha256, rows on imports
    for each row when (
        (old.format, old.payload_sha256, old.rows) is distinct from (new.format, new.payload_sha256, new.rows)
        or (old.payload is distinct from new.payload and (new.redacted_at is null or new.redacted_at is not distinct from old.redacted_at)))
    execute function keep_imports();

-- A name that may have to be deleted does not go into a log that nobody can change. Nothing is lost by it: the row keeps it.
drop trigger set_credits_change_log on set_credits;
create trigger set_credits_change_log after insert or update or delete on set_credits
    for each row execute function write_change_log('set_credit', '{version,updated_at,name_norm}', '{raw_name}', '{redacted_at}');

drop trigger credit_resolutions_change_log on credit_resolutions;
create trigger credit_resolutions_change_log after insert or update or delete on credit_resolutions
    for each row execute function write_change_log('credit_resolution', '{version,updated_at}', '{name_norm}');

-- the names of a resolution, which go with the last credit of theirs
create index credit_resolutions_name_idx on credit_resolutions (client_id, name_norm);

-- nor do those stay that it has
create or replace function refuse_change() returns trigger
language plpgsql as $$
begin
    return new;
end $$;

update change_log
set changes = jsonb_set(changes, array[field], '{"redacted": true}')
from (values ('set_credit', 'raw_name'), ('credit_resolution', 'name_norm')) as names (kind, field)
where entity = kind and changes ? field;

create or replace function refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception 'the change log is append-only' using errcode = 'restrict_violation';
end $$;
