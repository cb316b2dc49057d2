drop index media_assets_all_list_idx;
drop index media_assets_all_captured_idx;
drop index media_assets_all_size_idx;
