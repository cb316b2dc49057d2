drop index episodes_episode_number_idx;
drop index episodes_season_idx;
