-- Media belong to sessions, and sets show some of them. A picture was taken in one session, however many sets it is in.
create table media_items (
    client_id uuid not null references clients (id),
    id uuid not null,
    session_id uuid not null,
    asset_id uuid not null,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint media_items_asset_once unique (client_id, asset_id),
    constraint media_items_session_fk foreign key (client_id, session_id) references sessions (client_id, id),
    foreign key (client_id, asset_id) references media_assets (client_id, id) on delete cascade
);

-- the media of a session, as they came
create index media_items_session_idx on media_items (client_id, session_id, id);

-- the list, newest first
create index media_items_list_idx on media_items (client_id, created_at desc, id desc);

create trigger media_items_change_log after insert or update or delete on media_items
    for each row execute function write_change_log('media_item', '{version,updated_at}', '{}');

create table set_media_items (
    client_id uuid not null references clients (id),
    id uuid not null,
    set_id uuid not null,
    media_item_id uuid not null,
    position int not null check (position >= 0),
    caption text,
    notes text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint set_media_items_once unique (client_id, set_id, media_item_id),
    constraint set_media_items_position unique (client_id, set_id, position) deferrable initially immediate,
    foreign key (client_id, set_id) references sets (client_id, id) on delete cascade,
    foreign key (client_id, media_item_id) references media_items (client_id, id) on delete cascade
);

-- the sets of a picture, and what goes with one
create index set_media_items_item_idx on set_media_items (client_id, media_item_id);

create trigger set_media_items_change_log after insert or update or delete on set_media_items
    for each row execute function write_change_log('set_media_item', '{version,updated_at}', '{}');

alter table sets
    add column cover_media_item_id uuid,
    add column compilation_pending boolean not null default false,
    add constraint sets_cover_fk foreign key (client_id, id, cover_media_item_id) references set_media_items (client_id, set_id, media_item_id) on delete set null (cover_media_item_id);

comment on column sets.compilation_pending is 'whether is_compilation is to be found out anew';

-- what is to be found out
create index sets_pending_idx on sets (client_id, id) where compilation_pending;

drop trigger sets_change_log on sets;
create trigger sets_change_log after insert or update or delete on sets
    for each row execute function write_change_log('set', '{version,updated_at,search,title_norm,compilation_pending,is_compilation}', '{}');

-- Whether the media of a set come from more than one session.
create function is_compilation(client uuid, shown uuid) returns boolean
language sql stable as $$
    select count(*) > 1
    from (
        select distinct item.session_id
        from set_media_items link
        join media_items item on item.client_id = link.client_id and item.id = link.media_item_id
        where link.client_id = client and link.set_id = shown
        limit 2
    ) sessions
$$;

-- Whatever changes what a set shows, or of which session that is, by whatever way.
create function ask_for_compilations() returns trigger
language plpgsql as $$
begin
    if tg_table_name = 'set_media_items' then
        update sets s
        set compilation_pending = true
        from (select distinct client_id, set_id from changed) touched
        where s.client_id = touched.client_id and s.id = touched.set_id and not s.compilation_pending;
    else
        update sets s
        set compilation_pending = true
        from (
            select distinct link.client_id, link.set_id
            from changed
            join set_media_items link on link.client_id = changed.client_id and link.media_item_id = changed.id
        ) touched
        where s.client_id = touched.client_id and s.id = touched.set_id and not s.compilation_pending;
    end if;
    return null;
end $$;

create trigger set_media_items_added after insert on set_media_items referencing new table as changed for each statement execute function ask_for_compilations();
create trigger set_media_items_removed after delete on set_media_items referencing old table as changed for each statement execute function ask_for_compilations();
create trigger media_items_moved after update on media_items referencing new table as changed for each statement execute function ask_for_compilations();
