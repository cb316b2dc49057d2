drop index uploads_under_way_idx;
drop function may_read_original(uuid, text);
drop index media_variants_key_prefix_idx;
drop function renditions_folder(uuid);
drop table storage_salt;
