alter function script_words(text) reset search_path;
