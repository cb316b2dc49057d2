drop table script_versions, scripts;
drop function script_words(text);
drop function html_escaped(text);
