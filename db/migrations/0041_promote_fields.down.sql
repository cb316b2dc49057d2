create or replace function definition_in_force(definition field_definitions) returns jsonb
language sql immutable parallel safe as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'purpose', definition.purpose, 'type', definition.type, 'required', definition.required, 'pattern', definition.pattern, 'minimum', definition.minimum,
        'maximum', definition.maximum, 'max_length', definition.max_length, 'allowed_values', to_jsonb(definition.allowed_values), 'default_value', definition.default_value,
        'deprecated', definition.deprecated, 'deprecation_reason', definition.deprecation_reason))
    where definition.deleted_at is null and definition.approval_status = 'approved'
$$;
drop function advance_promotion(int);
drop function remove_promoted_values(uuid, uuid, int);
select stop_bearing_promoted_values(records::regclass)
from unnest('{media_assets,shows,episodes,wardrobe_items,talent_sources,clips,outfits,ui_elements,backgrounds,components,guests}'::text[]) records;
drop function stop_bearing_promoted_values(regclass);
drop function bear_promoted_values(text, regclass);
drop function keep_promoted_values();
drop trigger field_definitions_promotion on field_definitions;
drop function set_promotion();
drop trigger field_definitions_values_left on field_definitions;
drop function leave_promoted_values();
drop function promoted_value(text, jsonb);
drop table promotions_to_remove;
drop table promoted_values;
drop index field_definitions_promoted_idx;
drop index field_definitions_promotions_idx;
drop trigger field_definitions_change_log on field_definitions;
create trigger field_definitions_change_log after insert or update or delete on field_definitions
    for each row execute function write_change_log('field_definition', '{version,updated_at}', '{}');
alter table field_definitions drop column promoted, drop column promotion, drop column promotion_since, drop column promotion_after;
