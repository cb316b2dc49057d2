-- Outfits are made of wardrobe items, in an order.
create table outfits (
    client_id uuid not null references clients (id),
    id uuid not null,
    name text not null,
    outfit_type text,
    pattern text,
    worn_by text,
    notes text,
    asset_id uuid,
    image_reference text,
    items jsonb not null,
    items_text text not null default '', -- what its items are called, for searches
    primary key (client_id, id),
    constraint outfits_asset_fk foreign key (client_id, asset_id) references media_assets (client_id, id) on delete set null (asset_id)
);

select make_records('outfit', 'outfits', '{search,items_text}');

alter table outfits add column search tsvector not null generated always as (
    setweight(to_tsvector('names', name), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(worn_by, '') || ' ' || coalesce(outfit_type, '') || ' ' || coalesce(pattern, '')), 'B')
    || setweight(to_tsvector('names', items_text), 'C')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'D')) stored;

-- what a purge of an asset empties
create index outfits_asset_idx on outfits (client_id, asset_id) where asset_id is not null;

-- ?worn_by=, ?outfit_type=, and the sort
create index outfits_worn_by_idx on outfits (client_id, worn_by, created_at desc, id desc) where deleted_at is null;
create index outfits_type_idx on outfits (client_id, outfit_type, created_at desc, id desc) where deleted_at is null;
create index outfits_name_idx on outfits (client_id, name, id) where deleted_at is null;

-- ?q=
create index outfits_search_idx on outfits using gin (client_id, search);

-- The items of an outfit, as outfits.items has them.
create table outfit_items (
    client_id uuid not null,
    outfit_id uuid not null,
    item_id uuid not null,
    primary key (client_id, outfit_id, item_id),
    constraint outfit_items_outfit_fk foreign key (client_id, outfit_id) references outfits (client_id, id) on delete cascade,
    constraint outfit_items_item_fk foreign key (client_id, item_id) references wardrobe_items (client_id, id) on delete cascade
);

-- where an item is used
create index outfit_items_item_idx on outfit_items (client_id, item_id);

create function outfit_items_text(client uuid, items jsonb) returns text
language sql stable
return (
    select coalesce(string_agg(concat_ws(' ', item.name, item.brand, item.color, item.style, replace(item.slot, '_', ' ')), ' ' order by place), '')
    from jsonb_array_elements(items) with ordinality as list (listed, place)
    join wardrobe_items item on item.client_id = client and item.id = (listed ->> 'item_id')::uuid);

create function name_outfit_items() returns trigger
language plpgsql as $$
begin
    new.items_text := outfit_items_text(new.client_id, new.items);
    return new;
end $$;

create trigger outfits_items_text before insert or update of items on outfits for each row execute function name_outfit_items();

create function keep_outfit_items() returns trigger
language plpgsql as $$
begin
    delete from outfit_items where client_id = new.client_id and outfit_id = new.id;
    insert into outfit_items (client_id, outfit_id, item_id)
    select new.client_id, new.id, (item ->> 'item_id')::uuid
    from jsonb_array_elements(new.items) item;
    return null;
end $$;

create trigger outfits_items after insert or update of items on outfits for each row execute function keep_outfit_items();

create function rename_in_outfits() returns trigger
language plpgsql as $$
begin
    update outfits outfit
    set items_text = outfit_items_text(outfit.client_id, outfit.items)
    from outfit_items used
    where used.client_id = new.client_id and used.item_id = new.id and outfit.client_id = used.client_id and outfit.id = used.outfit_id;
    return null;
end $$;

create trigger wardrobe_items_in_outfits after update of name, brand, color, style, slot on wardrobe_items for each row
    when (row(old.name, old.brand, old.color, old.style, old.slot) is distinct from row(new.name, new.brand, new.color, new.style, new.slot))
    execute function rename_in_outfits();

-- An item that is deleted for good leaves the outfits that it is in, which are other outfits then.
create function leave_outfits() returns trigger
language plpgsql as $$
begin
    update outfits outfit
    set items = coalesce((
            select jsonb_agg(item order by place)
            from jsonb_array_elements(outfit.items) with ordinality as list (item, place)
            where (item ->> 'item_id')::uuid <> old.id), '[]'),
        version = outfit.version + 1, updated_at = now()
    from outfit_items used
    where used.client_id = old.client_id and used.item_id = old.id and outfit.client_id = used.client_id and outfit.id = used.outfit_id;
    return old;
end $$;

create trigger wardrobe_items_leave_outfits before delete on wardrobe_items for each row execute function leave_outfits();
