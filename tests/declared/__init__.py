"""What a key is declared to hold, at run time: on real servers, directly, in pipelines and in transactions."""
