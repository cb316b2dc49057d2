-- Adds a computed column to episodes: the table is written anew and locked meanwhile, five minutes for a million rows. Plan a window.
--
-- What is worn in an episode as numbers: one for each place in its documents and the value there. An index of them answers a condition in one scan and says
-- for sure, where that of a document is asked once for each shape and every row that it finds is looked at again.
--
-- A place is an array: the names of the path, null where the value stands in a list, and the value. Two that are the same have one number whatever way
-- their accents and their numbers are written; of two that are not, one in some quintillions.
create function document_term(place jsonb) returns bigint
language sql immutable strict parallel safe as $$
    select hashtextextended(
        normalize((case jsonb_typeof(place -> -1) when 'number' then (place - (-1)) || to_jsonb(trim_scale((place -> -1)::numeric)) else place end)::text), 0)
$$;

-- A path goes through objects, and through a list of objects before its last name.
create function document_terms(document jsonb, path jsonb default '[]', in_list boolean default false) returns bigint[]
language plpgsql immutable parallel safe as $$
declare
    terms bigint[] := '{}';
    name text;
    value jsonb;
    element jsonb;
begin
    for name, value in select * from jsonb_each(document) loop
        case jsonb_typeof(value)
            when 'object' then
                if not in_list then terms := terms || document_terms(value, path || to_jsonb(name)); end if;
            when 'array' then
                for element in select * from jsonb_array_elements(value) loop
                    case jsonb_typeof(element)
                        when 'object' then
                            if not in_list then terms := terms || document_terms(element, path || to_jsonb(name), true); end if;
                        when 'array' then null;
                        else terms := terms || document_term(path || to_jsonb(name) || 'null'::jsonb || element);
                    end case;
                end loop;
            when 'null' then null;
            else terms := terms || document_term(path || to_jsonb(name) || value);
        end case;
    end loop;
    return terms;
end $$;

-- It names its search path, for itself and what it calls: pg_restore has none.
create function worn_terms(main jsonb, others jsonb) returns bigint[]
language sql immutable parallel safe set search_path from current as $$
    select array(
        select distinct term
        from (select main union all select jsonb_array_elements(others)) outfits (document), unnest(document_terms(document)) term
        order by term)
$$;

alter table episodes
    add column worn bigint[] not null generated always as (worn_terms(wardrobe, more_outfits)) stored,
    -- a row of some outfits stays in one piece: it is read whole by every list
    set (toast_tuple_target = 4080);

comment on column episodes.worn is 'places and values of wardrobe and of more_outfits';

drop trigger episodes_change_log on episodes;
create trigger episodes_change_log after insert or update or delete on episodes for each row
    execute function write_change_log('episode', '{version,updated_at,search,more_outfits,worn}', '{guest_info}');

-- ?wardrobe.shoes.color=, which holds for any outfit of an episode
create index episodes_worn_idx on episodes using gin (client_id, worn);
drop index episodes_wardrobe_idx;
drop index episodes_more_outfits_idx;

-- ?background=, ?ui_element=: in which episodes, without a look at the rows
create index episode_ui_elements_shown_idx on episode_ui_elements (client_id, ui_element_id, episode_id);
create index episode_backgrounds_shown_idx on episode_backgrounds (client_id, background_id, episode_id);
drop index episode_ui_elements_client_id_ui_element_id_idx;
drop index episode_backgrounds_client_id_background_id_idx;
