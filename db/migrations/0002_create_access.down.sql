drop table api_keys;
drop table members;
drop table users;
drop table clients;
