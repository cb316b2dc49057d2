drop table label_networks;

select stop_bearing_tags('project');
select stop_bearing_tags('label');
select stop_bearing_tags('network');

drop table projects;
drop table labels;
drop table networks;

drop function normal_name(text);

delete from field_definitions where entity in ('projects', 'labels', 'networks');
delete from promoted_values v where not exists (select from field_definitions f where f.id = v.definition_id);
delete from promotions_to_remove v where not exists (select from field_definitions f where f.id = v.definition_id);
