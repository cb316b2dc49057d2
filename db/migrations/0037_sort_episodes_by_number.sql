-- ?sort=season,episode_number
create index episodes_season_idx on episodes (client_id, season desc nulls last, id desc) where deleted_at is null;
create index episodes_episode_number_idx on episodes (client_id, episode_number desc nulls last, id desc) where deleted_at is null;
