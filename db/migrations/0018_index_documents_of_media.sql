-- ?exif.camera_model=, ?custom_fields.mood=: whatever path is asked for, containment finds it here
create index media_assets_exif_idx on media_assets using gin (client_id, exif jsonb_path_ops);
create index media_assets_custom_fields_idx on media_assets using gin (client_id, custom_fields jsonb_path_ops);
