drop type rendition;
