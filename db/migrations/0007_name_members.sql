-- What a client calls a person is the client's own: another that invites the same email must not read it. Who first invited the person
-- gave the name of users; the change log knows which membership came with it. Where it has forgotten, the name goes.

alter table members add column display_name text;

update members
set display_name = users.display_name
from users
join change_log made on made.entity = 'user' and made.entity_id = users.id and made.operation = 'insert'
join change_log invited on invited.entity = 'member' and invited.operation = 'insert' and invited.transaction_id = made.transaction_id
where members.user_id = users.id and members.id = invited.entity_id and users.display_name is not null;

alter table users drop column display_name;
