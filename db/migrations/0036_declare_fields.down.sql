select stop_bearing_tags('field_definition');

drop trigger field_definitions_schema_change on field_definitions;
drop function write_schema_change();
drop function definition_in_force(field_definitions);
drop table schema_changes;
drop table field_definitions;
