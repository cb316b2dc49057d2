drop function wear_date(episodes);
drop table episode_outfits;
drop index episodes_more_outfits_idx;
drop index episodes_wardrobe_idx;
drop trigger episodes_change_log on episodes;
create trigger episodes_change_log after insert or update or delete on episodes for each row
    execute function write_change_log('episode', '{version,updated_at,search}', '{}');
alter table episodes drop column guest_info, drop column backgrounds, drop column ui_elements, drop column more_outfits, drop column wardrobe, drop column content;
alter table clients drop column wardrobe_cool_down_days;
