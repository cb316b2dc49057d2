drop trigger media_assets_last_thumbnails on media_assets;
drop trigger media_assets_thumbnails on media_assets;
drop function refresh_thumbnails_of_asset();
drop trigger wardrobe_items_thumbnails on wardrobe_items;
drop function refresh_thumbnails_of_item();
drop trigger outfits_worn on outfits;
drop function refresh_thumbnails_of_wearers();
drop trigger clips_frame on clips;
drop function refresh_thumbnails_of_frame();
drop trigger episode_backgrounds_thumbnail on episode_backgrounds;
drop function refresh_thumbnail_of_episode();
drop trigger outfits_thumbnail on outfits;
drop trigger outfits_first_thumbnail on outfits;
drop trigger clips_thumbnail on clips;
drop trigger clips_first_thumbnail on clips;
drop trigger episodes_thumbnail on episodes;
drop trigger episodes_first_thumbnail on episodes;
drop function refresh_own_thumbnail();
drop function refresh_thumbnail(uuid, text, uuid, boolean);
drop function thumbnail_sources(thumbnails);
drop function is_picture(media_assets);
drop function thumbnail_candidates(uuid, uuid);
drop function uuid_of(text);
insert into object_deletions (client_id, storage_provider, storage_key, reason)
select client_id, storage_provider, storage_folder, 'replaced'
from thumbnails
where storage_folder is not null;
drop table thumbnails;
