alter table users add column display_name text;

update users
set display_name = named.display_name
from (
    select distinct on (user_id) user_id, display_name
    from members
    where display_name is not null
    order by user_id, created_at, id
) named
where users.id = named.user_id;

alter table members drop column display_name;
