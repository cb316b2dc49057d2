-- What every kind of primary records has beside its own columns: an id of another system's, tags, fields of the client's own, approval, who
-- made it, the trash, and what finds and audits them. Its table has client_id and id as its primary key, and its own columns:
--
--     create table shows (client_id uuid not null references clients (id), id uuid not null, title text not null, primary key (client_id, id));
--     select make_records('show', 'shows');
--
-- unlogged: columns that the machine keeps, such as a search vector; version and updated_at are among them anyway.
create function make_records(kind text, records text, unlogged text[] default '{}') returns void
language plpgsql as $$
declare
    indexes constant text[] := array[
        -- the list, newest first, and with what is in the trash
        'create index %1$s_list_idx on %1$s (client_id, created_at desc, id desc) where deleted_at is null',
        'create index %1$s_all_list_idx on %1$s (client_id, created_at desc, id desc)',
        -- the trash that is due
        'create index %1$s_trash_idx on %1$s (client_id, deleted_at) where deleted_at is not null',
        -- what one deletion took along
        'create index %1$s_deletion_idx on %1$s (client_id, deletion_id) where deletion_id is not null',
        -- ?external_id=
        'create index %1$s_external_id_idx on %1$s (client_id, external_id) where external_id is not null',
        -- what waits for somebody's approval
        'create index %1$s_unapproved_idx on %1$s (client_id, approval_status, created_at desc, id desc) where approval_status <> ''approved'' and deleted_at is null',
        -- ?tags[all]=
        'create index %1$s_tags_idx on %1$s using gin (client_id, tags)',
        -- ?custom_fields.mood=
        'create index %1$s_custom_fields_idx on %1$s using gin (client_id, custom_fields jsonb_path_ops)'];
    index_command text;
begin
    execute format(
        $ddl$
        alter table %1$I
            add column external_id text,
            add column tags text[] not null default '{}',
            add column custom_fields jsonb not null default '{}',
            add column schema_version text not null default '1.0',
            add column approval_status text not null default 'approved' check (approval_status in ('draft', 'approved', 'rejected')),
            add column approved_at timestamptz,
            add column original_approver_kind text,
            add column original_approver uuid,
            add column created_at timestamptz not null,
            add column created_by_kind text not null,
            add column created_by uuid,
            add column updated_at timestamptz not null,
            add column version int not null default 1,
            add column deleted_at timestamptz,
            add column deleted_by_kind text,
            add column deleted_by uuid,
            add column deleted_reason text,
            add column deletion_id uuid,
            add column restored_at timestamptz,
            add column restored_by_kind text,
            add column restored_by uuid
        $ddl$, records);
    foreach index_command in array indexes loop
        execute format(index_command, records);
    end loop;
    execute format(
        'create trigger %I after insert or update or delete on %I for each row execute function write_change_log(%L, %L, ''{}'')',
        records || '_change_log', records, kind, array['version', 'updated_at'] || unlogged);
    perform bear_tags(kind, records::regclass);
end $$;
