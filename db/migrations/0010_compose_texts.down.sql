select 'what was composed stays so: it reads the same';
