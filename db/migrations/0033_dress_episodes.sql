alter table clients add column wardrobe_cool_down_days int not null default 30 check (wardrobe_cool_down_days between 0 and 3650);

comment on column clients.wardrobe_cool_down_days is 'within which what is worn again is told';

-- The rest of an episode's record: documents that people write.
alter table episodes
    add column content jsonb not null default '{"script": null, "trailer": null}',
    add column wardrobe jsonb not null default '{}',
    add column more_outfits jsonb not null default '[]',
    add column ui_elements jsonb not null default '{}',
    add column backgrounds jsonb not null default '{}',
    add column guest_info jsonb not null default '{}';

comment on column episodes.content is 'where the trailer lies; the script is a table of its own';
comment on column episodes.wardrobe is 'of the first of episode_outfits';
comment on column episodes.more_outfits is 'of the others, in their order';

drop trigger episodes_change_log on episodes;
create trigger episodes_change_log after insert or update or delete on episodes for each row
    execute function write_change_log('episode', '{version,updated_at,search,more_outfits}', '{}');

-- ?wardrobe.shoes.color=, which holds for any outfit of an episode
create index episodes_wardrobe_idx on episodes using gin (client_id, wardrobe jsonb_path_ops);
create index episodes_more_outfits_idx on episodes using gin (client_id, more_outfits jsonb_path_ops) where more_outfits <> '[]';

-- What was worn in an episode, as it was when it was put on.
create table episode_outfits (
    client_id uuid not null references clients (id),
    id uuid not null,
    episode_id uuid not null,
    outfit_id uuid,
    place int not null,
    worn_by text,
    scene text,
    document jsonb not null,
    item_ids uuid[] not null,
    outfit_version int,
    taken_at timestamptz not null,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    primary key (client_id, id),
    constraint episode_outfits_episode_fk foreign key (client_id, episode_id) references episodes (client_id, id) on delete cascade,
    constraint episode_outfits_outfit_fk foreign key (client_id, outfit_id) references outfits (client_id, id) on delete set null (outfit_id)
);

comment on column episode_outfits.outfit_id is 'null of what was written as a document, and of outfits that are deleted for good';
comment on column episode_outfits.outfit_version is 'the version of the outfit that was put on';

create trigger episode_outfits_change_log after insert or update or delete on episode_outfits for each row
    execute function write_change_log('episode_outfit', '{}', '{}');

-- the outfits of an episode in their order
create index episode_outfits_episode_idx on episode_outfits (client_id, episode_id, place, id);

-- once in an episode; and where an outfit was worn
create unique index episode_outfits_once on episode_outfits (client_id, outfit_id, episode_id) where outfit_id is not null;

-- where an item was worn
create index episode_outfits_items_idx on episode_outfits using gin (client_id, item_ids);

-- The day on which viewers see what is worn in an episode; of one without such a date, the day of its filming.
create function wear_date(episode episodes) returns date
language sql immutable
return coalesce(episode.publish_date, episode.release_date, (episode.released_at at time zone 'UTC')::date, episode.filming_date);
