-- The change log as it is asked for: as a list (GET /audit), and as a feed that is followed (GET /events).

-- what a row says to have changed; a gin index and a filter name the fields, not their values
create function changed_fields(changes jsonb) returns text[]
language sql immutable parallel safe as $$ select array(select field from jsonb_object_keys(changes) field order by field collate "C") $$;

-- the feed: a client's changes in the order of their transactions, from where a reader stands
create index change_log_feed_idx on change_log (client_id, transaction_id, id);
-- the list, newest first and oldest first; its last key is the id as it is shown, a UUID that sorts as the number does
create index change_log_list_idx on change_log (client_id, occurred_at desc, (lpad(to_hex(id), 32, '0')::uuid) desc);
-- what one person, key or job did
create index change_log_actor_idx on change_log (client_id, actor_id, occurred_at desc) where actor_id is not null;
-- ?changed_fields[any]=: who changed a price, a title
create index change_log_fields_idx on change_log using gin (client_id, changed_fields(changes));

-- How far the log has been forgotten: no transaction up to this one is sure to be whole. One row.
create table change_log_forgotten (
    only_row boolean primary key default true check (only_row),
    through xid8 not null
);

insert into change_log_forgotten (through) values ('0');
