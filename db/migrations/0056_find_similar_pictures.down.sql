drop trigger media_assets_change_log on media_assets;
create trigger media_assets_change_log after insert or update or delete on media_assets
    for each row execute function write_change_log(
        'media_asset',
        '{version,updated_at,search,width,height,frames,duration_ms,frame_rate,video_codec,audio_codec,bit_rate,has_audio,captured_at,placeholder_hash,dominant_colors,exif,status,error_code,error_message,processing_warnings,last_used_at,gps}',
        '{}');

alter table media_assets drop column phash;
