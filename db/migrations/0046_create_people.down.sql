select stop_bearing_tags('person');

drop table name_words;
drop table person_aliases;
drop function names_of_people(uuid, uuid[]);
drop function add_person_names(uuid, person_names[]);
drop table person_names;
drop table people;

drop function forget_words();
drop function name_by_aliases();
drop function rename_people();
drop function name_new_people();
drop function index_people(uuid, uuid[]);
drop function hold_person_names(uuid);
drop function words_of_name(text);
drop function name_words_of(text);
drop function word_likeness(text, text);
drop function near_words(text);

drop extension fuzzystrmatch;

delete from field_definitions where entity = 'people';
delete from promoted_values v where not exists (select from field_definitions f where f.id = v.definition_id);
delete from promotions_to_remove v where not exists (select from field_definitions f where f.id = v.definition_id);
