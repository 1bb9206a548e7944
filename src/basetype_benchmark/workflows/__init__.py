"""In which order things are done: the commands, without words on a screen."""
