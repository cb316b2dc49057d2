-- Scripts and their versions have a trash, as all primary records do: an episode has one script of a kind beside those in the trash.
alter table scripts
    add column approval_status text not null default 'approved' check (approval_status in ('draft', 'approved', 'rejected')),
    add column approved_at timestamptz,
    add column original_approver_kind text,
    add column original_approver uuid,
    add column deleted_at timestamptz,
    add column deleted_by_kind text,
    add column deleted_by uuid,
    add column deleted_reason text,
    add column deletion_id uuid,
    add column restored_at timestamptz,
    add column restored_by_kind text,
    add column restored_by uuid,
    add column last_version int not null default 0,
    drop constraint scripts_one_of_a_kind;

alter table script_versions
    add column approved_at timestamptz,
    add column original_approver_kind text,
    add column original_approver uuid,
    add column deleted_at timestamptz,
    add column deleted_by_kind text,
    add column deleted_by uuid,
    add column deleted_reason text,
    add column deletion_id uuid,
    add column restored_at timestamptz,
    add column restored_by_kind text,
    add column restored_by uuid,
    drop constraint script_versions_number_check,
    add constraint script_versions_number_check check (number >= 1);

comment on column scripts.approval_status is 'of the record; what people approve are its versions';
comment on column scripts.last_version is 'the highest number that a version ever had; none is given twice';

create unique index scripts_one_of_a_kind on scripts (client_id, episode_id, kind) where deleted_at is null;

-- of an episode, in the trash or not
create index scripts_episode_idx on scripts (client_id, episode_id, kind);

-- the trash that is due
create index scripts_trash_idx on scripts (client_id, deleted_at) where deleted_at is not null;
create index script_versions_trash_idx on script_versions (client_id, deleted_at) where deleted_at is not null;

-- what one deletion took along
create index scripts_deletion_idx on scripts (client_id, deletion_id) where deletion_id is not null;

drop trigger scripts_change_log on scripts;
create trigger scripts_change_log after insert or update or delete on scripts
    for each row execute function write_change_log('script', '{version,updated_at,last_version}', '{}', '{active_version}');

update scripts s
set last_version = (select coalesce(max(number), 0) from script_versions v where v.client_id = s.client_id and v.script_id = s.id);
