drop index media_assets_public_idx;
insert into object_deletions (client_id, storage_provider, storage_key, reason)
select client_id, storage_provider, storage_key, 'replaced'
from media_variants
where kind = 'original';
delete from media_variants
where kind = 'original';
alter table media_variants
    drop constraint media_variants_size_known,
    alter column width set not null,
    alter column height set not null,
    drop constraint media_variants_kind_check,
    add constraint media_variants_kind_check check (kind in ('thumbnail', 'preview', 'poster', 'frame'));
alter table media_assets
    drop column shared_at,
    drop column share_generation;
