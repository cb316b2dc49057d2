-- Makes a computed column of episodes anew: the table is written anew and locked meanwhile, five minutes for a million rows. Plan a window.
--
-- A term is of its client: an index of terms alone answers for a client, where one of clients and terms read the list of all that the client has beside
-- the list of what was asked for.
create function document_term(client uuid, place jsonb) returns bigint
language sql immutable strict parallel safe as $$
    select hashtextextended(
        normalize((case jsonb_typeof(place -> -1) when 'number' then (place - (-1)) || to_jsonb(trim_scale((place -> -1)::numeric)) else place end)::text), hashtextextended(client::text, 0))
$$;

-- A path goes through objects, and through a list of objects before its last name.
create function document_terms(client uuid, document jsonb, path jsonb default '[]', in_list boolean default false) returns bigint[]
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
                if not in_list then terms := terms || document_terms(client, value, path || to_jsonb(name)); end if;
            when 'array' then
                for element in select * from jsonb_array_elements(value) loop
                    case jsonb_typeof(element)
                        when 'object' then
                            if not in_list then terms := terms || document_terms(client, element, path || to_jsonb(name), true); end if;
                        when 'array' then null;
                        else terms := terms || document_term(client, path || to_jsonb(name) || 'null'::jsonb || element);
                    end case;
                end loop;
            when 'null' then null;
            else terms := terms || document_term(client, path || to_jsonb(name) || value);
        end case;
    end loop;
    return terms;
end $$;

-- It names its search path, for itself and what it calls: pg_restore has none.
create function worn_terms(client uuid, main jsonb, others jsonb) returns bigint[]
language sql immutable parallel safe set search_path from current as $$
    select array(
        select distinct term
        from (select main union all select jsonb_array_elements(others)) outfits (document), unnest(document_terms(client, document)) term
        order by term)
$$;

alter table episodes drop column worn;
alter table episodes add column worn bigint[] not null generated always as (worn_terms(client_id, wardrobe, more_outfits)) stored;

comment on column episodes.worn is 'places and values of wardrobe and of more_outfits';

-- ?wardrobe.shoes.color=, which holds for any outfit of an episode
create index episodes_worn_idx on episodes using gin (worn);

drop function worn_terms(jsonb, jsonb);
drop function document_terms(jsonb, jsonb, boolean);
drop function document_term(jsonb);
