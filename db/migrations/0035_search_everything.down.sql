drop function recompute_search(regclass, uuid, uuid, int);
drop table search_reindexes;
drop index media_assets_same_name_idx, ui_elements_same_name_idx, backgrounds_same_name_idx, talent_sources_same_name_idx, outfits_same_name_idx, wardrobe_items_same_name_idx, clips_same_name_idx, episodes_same_name_idx, shows_same_name_idx;
drop index media_assets_name_like_idx, ui_elements_name_like_idx, backgrounds_name_like_idx, talent_sources_name_like_idx, outfits_name_like_idx, wardrobe_items_name_like_idx, clips_name_like_idx, episodes_name_like_idx, shows_name_like_idx;
drop trigger talent_sources_change_log on talent_sources;
alter table talent_sources drop column search;
create trigger talent_sources_change_log after insert or update or delete on talent_sources
    for each row execute function write_change_log('talent_source', '{version,updated_at}', '{}');
drop function search_begun_query(text);
drop text search configuration beginnings;
drop function search_name(text);
drop extension pg_trgm;
