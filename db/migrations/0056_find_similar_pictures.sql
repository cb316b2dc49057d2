-- What looks alike: a hash of 64 bits, of which two versions of one picture differ in few.
alter table media_assets add column phash bigint;

comment on column media_assets.phash is 'perceptual hash: the bits as a signed number; null of what has no picture, no contrast, or was processed before there was one';

-- The machine's, as the other facts are.
drop trigger media_assets_change_log on media_assets;
create trigger media_assets_change_log after insert or update or delete on media_assets
    for each row execute function write_change_log(
        'media_asset',
        '{version,updated_at,search,width,height,frames,duration_ms,frame_rate,video_codec,audio_codec,bit_rate,has_audio,captured_at,placeholder_hash,phash,dominant_colors,exif,status,error_code,error_message,processing_warnings,last_used_at,gps}',
        '{}');

-- GET /media/{id}/similar: each 16 bits of a hash by its value, and beside it all that decides who is a neighbour, so that the thousands of candidates are read here and
-- not in as many pages of the table.
create index media_assets_phash_0_idx on media_assets (client_id, (phash & 65535)) include (phash, id, type) where deleted_at is null and phash is not null;
create index media_assets_phash_1_idx on media_assets (client_id, (phash >> 16 & 65535)) include (phash, id, type) where deleted_at is null and phash is not null;
create index media_assets_phash_2_idx on media_assets (client_id, (phash >> 32 & 65535)) include (phash, id, type) where deleted_at is null and phash is not null;
create index media_assets_phash_3_idx on media_assets (client_id, (phash >> 48 & 65535)) include (phash, id, type) where deleted_at is null and phash is not null;
