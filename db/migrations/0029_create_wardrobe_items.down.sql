select stop_bearing_tags('wardrobe_item');

drop table wardrobe_items;
