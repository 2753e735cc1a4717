"""`coedu-bot doctor`: how the bot is, part by part, and what there is to do about it."""
