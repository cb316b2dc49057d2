-- What a picture has of renditions is read with it, as rows and not as JSON, which took most of what a page of fifty cost.
create type rendition as (
    kind text,
    preset text,
    recipe integer,
    format text,
    mime_type text,
    width integer,
    height integer,
    size_bytes bigint,
    storage_provider text,
    storage_key text
);

comment on type rendition is 'a row of media_variants as it is read with its asset';
