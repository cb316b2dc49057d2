-- A client's years of work: episodes, what is worn and shown in them, clips and scripts. Chosen by chance, and yet the same each time: number n is
-- what hashing n gives. bench.client, bench.episodes, bench.clips, bench.outfits and bench.versions say whose and how many.

create function pg_temp.size(what text) returns int language sql immutable as $$ select current_setting('bench.' || what)::int $$;
create function pg_temp.client() returns uuid language sql immutable as $$ select current_setting('bench.client')::uuid $$;

-- of a kind, such as 1 for episodes
create function pg_temp.id(kind int, n bigint) returns uuid language sql immutable as $$ select ('0190000' || kind || '-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.at(n bigint) returns timestamptz language sql immutable as $$ select timestamptz '2006-01-01' + n * interval '10 minutes' $$;

-- one of m, all alike
create function pg_temp.any(n bigint, salt int, m int) returns int language sql immutable as $$ select abs(hashint8extended(n, salt) % m)::int $$;
-- one of m, the first the most often: of a thousand, a tenth is the first, and three in ten thousand are the last
create function pg_temp.some(n bigint, salt int, m int) returns int language sql immutable as $$
    select least(m - 1, floor(m * power(abs(hashint8extended(n, salt) % 1000000) / 1e6, 3)))::int
$$;
create function pg_temp.word(n bigint, salt int, words text[]) returns text language sql immutable as $$ select words[1 + pg_temp.some(n, salt, cardinality(words))] $$;
-- one of 4,096 names
create function pg_temp.name(n bigint, salt int) returns text language sql immutable as $$
    select initcap(syllables[1 + pg_temp.any(n, salt, 16)] || syllables[1 + pg_temp.any(n, salt + 1, 16)] || syllables[1 + pg_temp.any(n, salt + 2, 16)])
    from (select '{ma,ri,el,na,to,sa,ju,li,an,do,vi,ka,re,lo,be,zu}'::text[] as syllables) given
$$;
create function pg_temp.adjective(n bigint, salt int) returns text language sql immutable as $$
    select pg_temp.word(n, salt, '{new,golden,quiet,midnight,summer,velvet,modern,vintage,bright,crimson,urban,winter,silver,gentle,bold,spring,ivory,secret,coastal,royal,autumn,wild,classic,hidden,electric,rainy,paper,second,northern,emerald,slow,final}')
$$;
create function pg_temp.noun(n bigint, salt int) returns text language sql immutable as $$
    select pg_temp.word(n, salt, '{style,reset,wardrobe,closet,evening,morning,garden,studio,market,harbour,dinner,party,wedding,interview,journey,letter,kitchen,theatre,runway,museum,hotel,airport,concert,beach,library,mirror,rooftop,atelier,festival,gallery,train,island,orchard,workshop,bridge,balcony,picnic,ferry,vineyard,observatory}')
$$;
create function pg_temp.color(n bigint, salt int) returns text language sql immutable as $$
    select case when tone < 16 then (array['black','white','nude','navy','beige','gold','grey','red','champagne','blue','green','silver','pink','brown','ivory','burgundy'])[1 + tone] else lower(pg_temp.name(tone, 900)) end
    from (select pg_temp.some(n, salt, 400) as tone) chosen
$$;

create function pg_temp.talent(n bigint, salt int) returns text language sql immutable as $$ select pg_temp.word(n, salt, '{Lala,JustAWomanInHerPrime,Guest}') $$;

-- the item, and the outfit, of a colour that no other has; its slot is shoes
create function pg_temp.rare() returns int language sql immutable as $$ select pg_temp.size('outfits') / 12 * 6 $$;

insert into shows (client_id, id, title, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(0, n), initcap(pg_temp.adjective(n, 1) || ' ' || pg_temp.noun(n, 2)) || ' ' || n, pg_temp.at(0), 'key', pg_temp.at(0)
from generate_series(1, 200) n;

insert into wardrobe_items (client_id, id, slot, name, style, color, brand, size, image_reference, attributes, tags, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(3, n), slot, pg_temp.name(n, 10) || ' ' || pg_temp.noun(n, 14), pg_temp.adjective(n, 11) || ' ' || slot,
    case when n = pg_temp.rare() then 'verdigris' else pg_temp.color(n, 12) end, pg_temp.name(pg_temp.some(n, 13, 300), 20), (34 + n % 12)::text,
    's3://bucket/wardrobe/' || slot || '_' || n || '.jpg', jsonb_build_object('material', pg_temp.word(n, 15, '{cotton,silk,wool,leather,linen,satin,denim,cashmere}')),
    array[pg_temp.adjective(n, 16), slot], pg_temp.at(n), 'key', pg_temp.at(n)
from (select n, (array['shoes','top','bottom','purse','earrings','outerwear'])[1 + n % 6] as slot from generate_series(1, pg_temp.size('outfits')) n) item;

-- An outfit has an item of each slot but one; the document is what an episode takes of it.
create temp table dressed (outfit int primary key, document jsonb not null, items jsonb not null, item_ids uuid[] not null, items_text text not null);
insert into dressed
select n,
    jsonb_build_object(
        'outfit_id', pg_temp.id(4, n),
        'main_outfit', jsonb_build_object('outfit_type', 'separates', 'pattern', 'plain', 'overall_image', 's3://bucket/outfits/' || n || '.jpg', 'top', pieces -> 'top', 'bottom', pieces -> 'bottom'),
        'shoes', pieces -> 'shoes', 'purse', pieces -> 'purse', 'accessories', jsonb_build_object('jewelry', jsonb_build_object('earrings', pieces -> 'earrings'))),
    items, item_ids, items_text
from (
    select outfit.n, jsonb_agg(jsonb_build_object('item_id', item.id)) as items, array_agg(item.id) as item_ids,
        string_agg(concat_ws(' ', item.name, item.brand, item.color, item.style, item.slot), ' ') as items_text,
        jsonb_object_agg(item.slot, jsonb_build_object(
            'item_id', item.id, 'name', item.name, 'style', item.style, 'color', item.color, 'brand', item.brand, 'size', item.size, 'image_reference', item.image_reference)) as pieces
    from generate_series(1, pg_temp.size('outfits')) outfit (n)
    cross join generate_series(0, 4) slot (n)
    join wardrobe_items item on item.client_id = pg_temp.client()
        and item.id = pg_temp.id(3, case when slot.n = 0 and outfit.n = pg_temp.rare() then pg_temp.rare() else 6 * (1 + pg_temp.any(outfit.n, 31 + slot.n, pg_temp.size('outfits') / 6 - 2)) + slot.n end)
    group by outfit.n
) outfit;

insert into outfits (client_id, id, name, outfit_type, worn_by, items, items_text, tags, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(4, outfit), initcap(pg_temp.adjective(outfit, 50)) || ' ' || pg_temp.noun(outfit, 51), 'separates', pg_temp.talent(outfit, 52), items, items_text,
    array[pg_temp.adjective(outfit, 53)], pg_temp.at(outfit), 'key', pg_temp.at(outfit)
from dressed;
insert into outfit_items (client_id, outfit_id, item_id)
select pg_temp.client(), pg_temp.id(4, outfit), unnest(item_ids)
from dressed;

insert into backgrounds (client_id, id, name, file_reference, usage_count, tags, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(5, n), 'Closet ' || n, 's3://bucket/backgrounds/' || n || '.jpg', 2000 - n, array[pg_temp.noun(n, 60)], pg_temp.at(n), 'key', pg_temp.at(n)
from generate_series(1, 2000) n;
insert into background_versions (client_id, id, background_id, number, file_reference, created_at, created_by_kind)
select client_id, id, id, 1, file_reference, created_at, 'key'
from backgrounds
where client_id = pg_temp.client();

-- what six in ten episodes wear, and a twentieth as well
create function pg_temp.worn(n bigint) returns int language sql immutable as $$ select case when pg_temp.any(n, 70, 10) < 6 then 1 + pg_temp.any(n, 71, pg_temp.size('outfits')) end $$;
create function pg_temp.also_worn(n bigint) returns int language sql immutable as $$ select case when pg_temp.any(n, 70, 20) = 0 then 1 + pg_temp.any(n, 72, pg_temp.size('outfits')) end $$;
-- what half of them stand before: one in twelve of these the first, twelve in a million the last
create function pg_temp.before(n bigint) returns int language sql immutable as $$ select case when pg_temp.any(n, 73, 2) = 0 then 1 + pg_temp.some(n, 74, 2000) end $$;

insert into episodes (
    client_id, id, show_id, title, description, season, episode_number, status, filming_date, edit_deadline, publish_date, release_date, released_at, duration_seconds, language, location,
    geographic_availability, production_notes, wardrobe, more_outfits, backgrounds, tags, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(1, n), pg_temp.id(0, 1 + n % 200),
    initcap(pg_temp.adjective(n, 80) || ' ' || pg_temp.noun(n, 81)) || ' with ' || pg_temp.name(n, 82),
    'They meet at the ' || pg_temp.noun(n, 85) || ' for a ' || pg_temp.adjective(n, 86) || ' ' || pg_temp.noun(n, 87) || ', and ' || pg_temp.name(n, 88) || ' tells how the ' || pg_temp.noun(n, 91)
        || ' became ' || pg_temp.adjective(n, 92) || '; the last shot is a close-up of the ' || pg_temp.noun(n, 93) || '.',
    1 + (n / 200 / 100), 1 + (n / 200) % 100, status, (pg_temp.at(n) + interval '20 days')::date, (pg_temp.at(n) + interval '40 days')::date,
    case when status <> 'draft' then (pg_temp.at(n) + interval '60 days')::date end, case when status in ('published', 'archived') then (pg_temp.at(n) + interval '60 days')::date end,
    case when status = 'published' then pg_temp.at(n) + interval '60 days' end, 600 + pg_temp.any(n, 94, 1800), 'en-US', initcap(pg_temp.noun(n, 95)) || ' in ' || pg_temp.name(pg_temp.some(n, 96, 300), 97),
    '{us,eu}', jsonb_build_object('camera_setup', 'Camera ' || pg_temp.some(n, 100, 40), 'lighting_setup', pg_temp.adjective(n, 101) || ' key with soft fill', 'color_palette', pg_temp.color(n, 102)),
    coalesce(main.document, '{}'), case when also.document is null then '[]' else jsonb_build_array(also.document) end,
    case when pg_temp.before(n) is null then '{}' else jsonb_build_object('main_closet', 's3://bucket/backgrounds/' || pg_temp.before(n) || '.jpg') end,
    array[pg_temp.adjective(n, 103), pg_temp.noun(n, 104), 'week-' || n % 5000], pg_temp.at(n), 'key', pg_temp.at(n)
from (
    select n, pg_temp.word(n, 79, '{published,archived,draft,in_production,ready_for_edit,ready_for_publish,on_hold,canceled}') as status
    from generate_series(1::bigint, pg_temp.size('episodes')) n
) episode
left join dressed main on main.outfit = pg_temp.worn(episode.n)
left join dressed also on also.outfit = pg_temp.also_worn(episode.n);

insert into episode_outfits (client_id, id, episode_id, outfit_id, place, document, item_ids, outfit_version, taken_at, created_at, created_by_kind)
select pg_temp.client(), pg_temp.id(case place when 0 then 6 else 7 end, episode), pg_temp.id(1, episode), pg_temp.id(4, outfit), place, document, item_ids, 1, pg_temp.at(episode), pg_temp.at(episode), 'key'
from generate_series(1::bigint, pg_temp.size('episodes')) episode
cross join lateral (values (0, pg_temp.worn(episode)), (1, pg_temp.also_worn(episode))) worn (place, outfit)
join dressed using (outfit)
where place = 0 or outfit is distinct from pg_temp.worn(episode);

insert into episode_backgrounds (client_id, episode_id, role, background_id, number)
select pg_temp.client(), pg_temp.id(1, n), 'main_closet', pg_temp.id(5, pg_temp.before(n)), 1
from generate_series(1::bigint, pg_temp.size('episodes')) n
where pg_temp.before(n) is not null;

insert into clips (
    client_id, id, episode_id, talent_source, guest_name, character, clip_type, file_reference, duration_seconds, timecode_in, timecode_out, frame_rate, scene_description, take_number, quality_rating,
    status, notes, tags, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(2, n), case when n % 10 > 0 then pg_temp.id(1, 1 + pg_temp.any(n, 110, pg_temp.size('episodes'))) end, talent, case talent when 'Guest' then pg_temp.name(n, 112) end,
    case when n % 4 = 0 then pg_temp.name(n, 115) end, pg_temp.word(n, 118, '{raw,b_roll,bts,insert,other}'), 's3://bucket/footage/A' || lpad(n::text, 7, '0') || '.mov', 5 + pg_temp.any(n, 119, 600),
    '01:00:00:00', '01:00:04:12', 25, initcap(pg_temp.noun(n, 120)) || ': ' || pg_temp.adjective(n, 121) || ' ' || pg_temp.noun(n, 122) || ', ' || pg_temp.name(n, 123) || ' enters', 1 + n % 9,
    pg_temp.word(n, 126, '{good,maybe,hero,reject}'), pg_temp.word(n, 127, '{approved,pending_review,used,rejected}'), 'Boom in frame at the end, otherwise ' || pg_temp.adjective(n, 128),
    array[pg_temp.noun(n, 129)], pg_temp.at(n), 'key', pg_temp.at(n)
from (select n, pg_temp.talent(n, 111) as talent from generate_series(1::bigint, pg_temp.size('clips')) n) clip;

-- Scripts of two versions, each of forty sentences out of five thousand, and with one word that no other has.
create temp table sentences (sentence int primary key, text text not null);
insert into sentences
select n, upper(pg_temp.name(n, 140)) || E'\n' || (
    select string_agg(case when place % 3 = 0 then pg_temp.noun(n, 150 + place) when place % 3 = 1 then pg_temp.adjective(n, 150 + place) else lower(pg_temp.name(pg_temp.some(n, 150 + place, 2000), 999)) end, ' ' order by place)
    from generate_series(1, 11) place) || '.'
from generate_series(0, 4999) n;

insert into scripts (client_id, id, episode_id, kind, active_version, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(8, n), pg_temp.id(1, n * (pg_temp.size('episodes') / (pg_temp.size('versions') / 2))), 'main', 2, pg_temp.at(n), 'key', pg_temp.at(n)
from generate_series(1::bigint, pg_temp.size('versions') / 2) n;
insert into script_versions (client_id, id, script_id, number, author, body, source, created_at, created_by_kind, updated_at)
select pg_temp.client(), pg_temp.id(9, n), pg_temp.id(8, (n + 1) / 2), 2 - n % 2, pg_temp.name(n, 170),
    'EXT. ' || upper(pg_temp.noun(n, 171)) || ' – DAY, slate' || n || E'\n\n' || (
        select string_agg(text, E'\n\n' order by place)
        from generate_series(1, 40) place
        join sentences on sentence = pg_temp.some((n + 1) / 2, 200 + case when n % 2 = 1 and place % 10 = 0 then place + 50 else place end, 5000)),
    'manual_upload', pg_temp.at(n), 'key', pg_temp.at(n)
from generate_series(1::bigint, pg_temp.size('versions')) n;
