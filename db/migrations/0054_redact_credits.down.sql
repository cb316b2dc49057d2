-- What was redacted stays so: nobody has the names any more. What the log had of names is not written back either.
drop index credit_resolutions_name_idx;

drop trigger credit_resolutions_change_log on credit_resolutions;
create trigger credit_resolutions_change_log after insert or update or delete on credit_resolutions
    for each row execute function write_change_log('credit_resolution', '{version,updated_at}', '{}');

drop trigger set_credits_change_log on set_credits;
create trigger set_credits_change_log after insert or update or delete on set_credits
    for each row execute function write_change_log('set_credit', '{version,updated_at,name_norm}', '{}');

drop trigger imports_raw on imports;
create trigger imports_raw before update of format, payload, payload_sha256, rows on imports
    for each row when ((old.format, old.payload_sha256, old.rows) is distinct from (new.format, new.payload_sha256, new.rows) or old.payload is distinct from new.payload) execute function keep_imports();

drop trigger set_credits_raw on set_credits;
create trigger set_credits_raw before update of set_id, role, raw_name, position on set_credits
    for each row when ((old.set_id, old.role, old.raw_name, old.position) is distinct from (new.set_id, new.role, new.raw_name, new.position)) execute function keep_raw_credits();

comment on column imports.payload_sha256 is null;
alter table imports drop column redacted_at;
alter table set_credits drop constraint set_credits_redacted, drop column redacted_at;
