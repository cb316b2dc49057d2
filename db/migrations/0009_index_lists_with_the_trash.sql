-- The sorts of the library for who asks for what is in the trash as well: the other indexes leave that out, for those who read all the time.
create index media_assets_all_list_idx on media_assets (client_id, created_at desc, id desc);
create index media_assets_all_captured_idx on media_assets (client_id, captured_at desc nulls last, id desc);
create index media_assets_all_size_idx on media_assets (client_id, size_bytes desc, id desc);
