create index episode_ui_elements_client_id_ui_element_id_idx on episode_ui_elements (client_id, ui_element_id);
create index episode_backgrounds_client_id_background_id_idx on episode_backgrounds (client_id, background_id);
drop index episode_ui_elements_shown_idx;
drop index episode_backgrounds_shown_idx;

create index episodes_wardrobe_idx on episodes using gin (client_id, wardrobe jsonb_path_ops);
create index episodes_more_outfits_idx on episodes using gin (client_id, more_outfits jsonb_path_ops) where more_outfits <> '[]';
drop trigger episodes_change_log on episodes;
create trigger episodes_change_log after insert or update or delete on episodes for each row
    execute function write_change_log('episode', '{version,updated_at,search,more_outfits}', '{guest_info}');
alter table episodes drop column worn, reset (toast_tuple_target);
drop function worn_terms(jsonb, jsonb);
drop function document_terms(jsonb, jsonb, boolean);
drop function document_term(jsonb);
