drop index media_assets_custom_fields_idx;
drop index media_assets_exif_idx;
