drop trigger episode_outfits_change_log on episode_outfits;
create trigger episode_outfits_change_log after insert or update or delete on episode_outfits for each row
    execute function write_change_log('episode_outfit', '{}', '{}');
drop trigger outfits_change_log on outfits;
create trigger outfits_change_log after insert or update or delete on outfits for each row
    execute function write_change_log('outfit', '{version,updated_at,search,items_text}', '{}');
drop trigger episodes_change_log on episodes;
create trigger episodes_change_log after insert or update or delete on episodes for each row
    execute function write_change_log('episode', '{version,updated_at,search,more_outfits}', '{}');
drop index uploads_created_by_idx;
drop table guest_sessions;
drop table episode_guests;

drop trigger clips_change_log on clips;
create trigger clips_change_log after insert or update or delete on clips
    for each row execute function write_change_log('clip', '{version,updated_at,search,file_name}', '{}');
drop index clips_guest_name_idx;
alter table clips drop column guest_id;

select stop_bearing_tags('guest');

drop table guests;
