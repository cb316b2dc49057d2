alter table sets drop constraint sets_cover_fk, drop column cover_media_item_id, drop column compilation_pending;
drop trigger sets_change_log on sets;
create trigger sets_change_log after insert or update or delete on sets
    for each row execute function write_change_log('set', '{version,updated_at,search,title_norm}', '{}');

drop table set_media_items;
drop table media_items;
drop function ask_for_compilations();
drop function is_compilation(uuid, uuid);
update sets set is_compilation = false where is_compilation;
delete from job_outbox o using jobs j where j.client_id = o.client_id and j.id = o.job_id and j.type = 'SET_COMPILATION_RECALC';
delete from jobs where type = 'SET_COMPILATION_RECALC';
