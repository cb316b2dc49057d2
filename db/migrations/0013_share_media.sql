-- A share link carries the generation of its asset: making the asset private raises it, and no link of before works ever again.
-- Each link that is given out writes when, so that it leaves a row in the change log, the hundredth as the first.
alter table media_assets
    add column share_generation int not null default 0,
    add column shared_at timestamptz;

-- A copy of the original that tells nothing of places; sounds have no size.
alter table media_variants
    drop constraint media_variants_kind_check,
    add constraint media_variants_kind_check check (kind in ('original', 'thumbnail', 'preview', 'poster', 'frame')),
    alter column width drop not null,
    alter column height drop not null,
    add constraint media_variants_size_known check (kind = 'original' or (width is not null and height is not null));

-- a public rendition is asked for by the asset's id alone: whoever asks belongs to no client
create unique index media_assets_public_idx on media_assets (id) where visibility = 'public' and deleted_at is null;
