-- "é" is one character, or two: texts that people filter by are kept in the one form (NFC) in which filters compare them.
-- External ids and owners' ids stay as they came: they are other systems' words.

update media_assets
set title = normalize(title), description = normalize(description), alt_text = normalize(alt_text), caption = normalize(caption)
where title is not normalized or description is not normalized or alt_text is not normalized or caption is not normalized;

update attachable_owners
set title = normalize(title)
where title is not normalized;

update members
set display_name = normalize(display_name)
where display_name is not normalized;

update api_keys
set name = normalize(name)
where name is not normalized;
