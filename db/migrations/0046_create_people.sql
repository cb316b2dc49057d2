-- People, as what they are called and by which other names they are known; and an index of all these names by which one is found in spite of typos.

create extension if not exists fuzzystrmatch;

create table people (
    client_id uuid not null references clients (id),
    id uuid not null,
    display_name text not null,
    display_name_norm text not null generated always as (normal_name(display_name)) stored,
    type text check (type in ('model', 'photographer', 'both')),
    notes text,
    last_active_on date,
    aliases_text text not null default '',
    primary key (client_id, id)
);

comment on column people.last_active_on is 'the latest date of a set or session that the person is in';
comment on column people.aliases_text is 'the aliases, for full text';

select make_records('person', 'people', '{search,aliases_text,last_active_on,display_name_norm}');
select bear_promoted_values('people', 'people');

alter table people add column search tsvector not null generated always as (
    setweight(to_tsvector('names', display_name), 'A')
    || setweight(to_tsvector('names', aliases_text), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'B')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')) stored;

-- ?sort=display_name, and ?display_name=
create index people_name_idx on people (client_id, display_name, id) where deleted_at is null;
-- others of the same name: they are told as a warning
create index people_norm_idx on people (client_id, display_name_norm, id) where deleted_at is null;
-- ?type=
create index people_type_idx on people (client_id, type, created_at desc, id desc) where deleted_at is null;
-- ?sort=-last_active_on
create index people_active_idx on people (client_id, last_active_on desc nulls last, id desc) where deleted_at is null;
-- ?q=
create index people_search_idx on people using gin (client_id, search);
-- /search?q=: names that are nearly the same, and those that are the same
create index people_name_like_idx on people using gin (client_id, search_name(display_name) gin_trgm_ops) where deleted_at is null;
create index people_same_name_idx on people (client_id, search_name(display_name)) where deleted_at is null;

create table person_aliases (
    client_id uuid not null references clients (id),
    id uuid not null,
    person_id uuid not null,
    alias text not null,
    alias_norm text not null generated always as (normal_name(alias)) stored,
    source text not null check (source in ('manual', 'import')),
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint person_aliases_once unique (client_id, person_id, alias_norm),
    foreign key (client_id, person_id) references people (client_id, id) on delete cascade
);

-- who has an alias
create index person_aliases_norm_idx on person_aliases (client_id, alias_norm);
-- the aliases of a person, as they came
create index person_aliases_order_idx on person_aliases (client_id, person_id, created_at, id);

create trigger person_aliases_change_log after insert or update or delete on person_aliases
    for each row execute function write_change_log('person_alias', '{version,updated_at,alias_norm}', '{}');

-- Every name of who is not in the trash. words are those of it, for any and all of them, and how many they are, as #2.
create table person_names (
    client_id uuid not null,
    person_id uuid not null,
    alias_id uuid,
    norm text collate "C" not null,
    words tsvector not null,
    constraint person_names_once unique nulls not distinct (client_id, person_id, alias_id),
    foreign key (client_id, person_id) references people (client_id, id) on delete cascade
);

comment on column person_names.alias_id is 'null is the display name';

-- the very name, and its beginning
create index person_names_norm_idx on person_names (client_id, norm, person_id);
-- names of words that are like those that were asked for
create index person_names_words_idx on person_names using gin (client_id, words);

-- Every word of these names, each once: what was mistyped is looked for among these. near are the word and what is left of it without one letter;
-- two words have one of these in common when at most a letter is wrong, missing, too many or in its neighbour's place, and sometimes when two are.
create table name_words (
    client_id uuid not null,
    word text collate "C" not null,
    near int[] not null,
    primary key (client_id, word)
);

create index name_words_near_idx on name_words using gin (client_id, near);
-- what has more than a letter wrong
create index name_words_like_idx on name_words using gin (client_id, word gin_trgm_ops);

create function near_words(word text) returns int[]
language sql immutable strict parallel safe as $$
    select array_agg(distinct hashtext(near))
    from (
        select word as near
        union all
        select overlay(word placing '' from place for 1)
        from generate_series(1, length(word)) place
        where length(word) between 3 and 40
    ) all_of_them
$$;

-- How much of a word is right, from 0 to 1: letters changed, missing or too many, and two that changed places, out of those of the longer.
create function word_likeness(one text, other text) returns real
language plpgsql immutable strict parallel safe as $$
declare
    letters constant int := greatest(length(one), length(other));
    edits int := levenshtein(one, other);
begin
    if edits = 2 and length(one) = length(other) then
        for place in 1..letters - 1 loop
            if overlay(one placing reverse(substr(one, place, 2)) from place) = other then edits := 1; end if;
        end loop;
    end if;
    return 1 - edits::real / letters;
end $$;

create function name_words_of(norm text) returns text[]
language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct left(word, 60)), '{}') from regexp_split_to_table(norm, '[^[:alnum:]]+') word where word <> ''
$$;

create function words_of_name(norm text) returns tsvector
language sql immutable strict parallel safe as $$ select array_to_tsvector(words || ('#' || cardinality(words))) from name_words_of(norm) words $$;

-- One transaction of a client at a time puts names in or takes some out: two that add the same words would wait for each other, and one that takes the last name
-- with a word out must not miss that another puts one in.
create function hold_person_names(client uuid) returns void
language sql as $$ select pg_advisory_xact_lock(hashtextextended('mediaplatform.person_names ' || client, 0)) $$;

create function add_person_names(client uuid, added person_names[]) returns void
language plpgsql as $$
begin
    perform hold_person_names(client);
    insert into person_names
    select * from unnest(added);

    insert into name_words (client_id, word, near)
    select client, word, near_words(word)
    from (select distinct unnest(tsvector_to_array(words)) as word from unnest(added)) used
    where word not like '#%'
    on conflict do nothing;
end $$;

-- The names of persons, as they should be.
create function names_of_people(client uuid, persons uuid[]) returns setof person_names
language sql stable as $$
    select client, p.id, null::uuid, left(p.display_name_norm, 200), words_of_name(p.display_name_norm)
    from people p
    where p.client_id = client and p.id = any(persons) and p.deleted_at is null
    union all
    select client, p.id, a.id, left(a.alias_norm, 200), words_of_name(a.alias_norm)
    from people p
    join person_aliases a on a.client_id = client and a.person_id = p.id
    where p.client_id = client and p.id = any(persons) and p.deleted_at is null
$$;

create function index_people(client uuid, persons uuid[]) returns void
language plpgsql as $$
begin
    delete from person_names
    where client_id = client and person_id = any(persons);

    perform add_person_names(client, array(select names from names_of_people(client, persons) names));
end $$;

create function name_new_people() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in select client_id, array_agg(id) as ids from changed group by client_id loop
        perform add_person_names(of_client.client_id, array(select names from names_of_people(of_client.client_id, of_client.ids) names));
    end loop;
    return null;
end $$;

create function rename_people() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in
        select changed.client_id, array_agg(changed.id) as ids
        from changed
        join former using (client_id, id)
        where (changed.display_name_norm, changed.deleted_at is null) is distinct from (former.display_name_norm, former.deleted_at is null)
        group by changed.client_id
    loop
        perform index_people(of_client.client_id, of_client.ids);
    end loop;
    return null;
end $$;

-- A word goes with the last name that has it.
create function forget_words() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in
        select client_id, array_agg(distinct word) as words
        from changed
        cross join unnest(tsvector_to_array(words)) word
        group by client_id
    loop
        perform hold_person_names(of_client.client_id);
        delete from name_words known
        where known.client_id = of_client.client_id and known.word = any(of_client.words)
            and not exists (select from person_names n where n.client_id = of_client.client_id and n.words @@ ('''' || known.word || '''')::tsquery);
    end loop;
    return null;
end $$;

-- Also what full text finds a person by.
create function name_by_aliases() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in select client_id, array_agg(distinct person_id) as people, array_agg(id) as ids from changed group by client_id loop
        update people p
        set aliases_text = coalesce((select string_agg(a.alias, ' ' order by a.created_at, a.id) from person_aliases a where a.client_id = p.client_id and a.person_id = p.id), '')
        where p.client_id = of_client.client_id and p.id = any(of_client.people);

        delete from person_names
        where client_id = of_client.client_id and person_id = any(of_client.people) and alias_id = any(of_client.ids);

        perform add_person_names(
            of_client.client_id, array(select names from names_of_people(of_client.client_id, of_client.people) names where names.alias_id = any(of_client.ids)));
    end loop;
    return null;
end $$;

create trigger people_named after insert on people referencing new table as changed for each statement execute function name_new_people();
create trigger people_renamed after update on people referencing old table as former new table as changed for each statement execute function rename_people();
create trigger person_aliases_added after insert on person_aliases referencing new table as changed for each statement execute function name_by_aliases();
create trigger person_aliases_changed after update on person_aliases referencing new table as changed for each statement execute function name_by_aliases();
create trigger person_aliases_removed after delete on person_aliases referencing old table as changed for each statement execute function name_by_aliases();
-- also by a purge of their person
create trigger person_names_gone after delete on person_names referencing old table as changed for each statement execute function forget_words();
