"""How good answers are: judged queries, names that people have for things, and mistakes that they make in typing."""
