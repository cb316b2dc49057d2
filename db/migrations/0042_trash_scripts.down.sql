-- Scripts that went with their episode are hidden by it again. What else is in the trash could not be told from what is not, and goes.
update scripts s
set deleted_at = null, deletion_id = null
from episodes e
where e.client_id = s.client_id and e.id = s.episode_id and e.deletion_id = s.deletion_id;
delete from scripts where deleted_at is not null;
delete from script_versions where deleted_at is not null;

drop trigger scripts_change_log on scripts;
create trigger scripts_change_log after insert or update or delete on scripts
    for each row execute function write_change_log('script', '{version,updated_at}', '{}', '{active_version}');

drop index scripts_one_of_a_kind;
drop index scripts_episode_idx;

alter table script_versions
    drop constraint script_versions_number_check,
    add constraint script_versions_number_check check (number >= 1), -- there may be numbers above 100 by now
    drop column approved_at,
    drop column original_approver_kind,
    drop column original_approver,
    drop column deleted_at,
    drop column deleted_by_kind,
    drop column deleted_by,
    drop column deleted_reason,
    drop column deletion_id,
    drop column restored_at,
    drop column restored_by_kind,
    drop column restored_by;

alter table scripts
    drop column approval_status,
    drop column approved_at,
    drop column original_approver_kind,
    drop column original_approver,
    drop column deleted_at,
    drop column deleted_by_kind,
    drop column deleted_by,
    drop column deleted_reason,
    drop column deletion_id,
    drop column restored_at,
    drop column restored_by_kind,
    drop column restored_by,
    drop column last_version,
    add constraint scripts_one_of_a_kind unique (client_id, episode_id, kind);
