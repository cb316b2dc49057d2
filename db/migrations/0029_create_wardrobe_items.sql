-- What is worn, each piece once: outfits are made of these.
create table wardrobe_items (
    client_id uuid not null references clients (id),
    id uuid not null,
    slot text not null check (slot in (
        'top', 'bottom', 'dress', 'outerwear', 'shoes', 'purse', 'necklace', 'earrings', 'bracelets', 'rings', 'belt', 'scarf', 'hair_accessory', 'other')),
    name text not null,
    style text,
    color text,
    brand text,
    size text,
    pattern text,
    notes text,
    product_url text,
    asset_id uuid,
    image_reference text,
    attributes jsonb not null,
    primary key (client_id, id),
    constraint wardrobe_items_asset_fk foreign key (client_id, asset_id) references media_assets (client_id, id) on delete set null (asset_id)
);

select make_records('wardrobe_item', 'wardrobe_items', '{search}');

alter table wardrobe_items add column search tsvector not null generated always as (
    setweight(to_tsvector('names', name || ' ' || coalesce(brand, '')), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(style, '') || ' ' || coalesce(color, '') || ' ' || coalesce(pattern, '') || ' ' || replace(slot, '_', ' ')), 'B')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')) stored;

-- whether the same piece is there already: by its page in a shop, or by its maker, name and size
create index wardrobe_items_url_idx on wardrobe_items (client_id, product_url, id) where product_url is not null and deleted_at is null;
create index wardrobe_items_alike_idx on wardrobe_items (client_id, lower(brand), lower(name), lower(coalesce(size, '')), id) where brand is not null and deleted_at is null;

-- what a purge of an asset empties
create index wardrobe_items_asset_idx on wardrobe_items (client_id, asset_id) where asset_id is not null;

-- ?slot=, ?brand=, ?color=, and the sorts
create index wardrobe_items_slot_idx on wardrobe_items (client_id, slot, created_at desc, id desc) where deleted_at is null;
create index wardrobe_items_brand_idx on wardrobe_items (client_id, brand desc nulls last, id desc) where deleted_at is null;
create index wardrobe_items_color_idx on wardrobe_items (client_id, color, created_at desc, id desc) where deleted_at is null;
create index wardrobe_items_name_idx on wardrobe_items (client_id, name, id) where deleted_at is null;

-- ?attributes.heel_height=
create index wardrobe_items_attributes_idx on wardrobe_items using gin (client_id, attributes jsonb_path_ops);

-- ?q=
create index wardrobe_items_search_idx on wardrobe_items using gin (client_id, search);
