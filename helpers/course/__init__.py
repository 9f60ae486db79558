"""The course's own machinery: exercises, claims and their rows, the environment."""
