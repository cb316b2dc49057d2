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

alter table episodes drop column worn;
alter table episodes add column worn bigint[] not null generated always as (worn_terms(wardrobe, more_outfits)) stored;

comment on column episodes.worn is 'places and values of wardrobe and of more_outfits';

create index episodes_worn_idx on episodes using gin (client_id, worn);

drop function worn_terms(uuid, jsonb, jsonb);
drop function document_terms(uuid, jsonb, jsonb, boolean);
drop function document_term(uuid, jsonb);
