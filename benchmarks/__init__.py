"""What a contributor measures in five minutes: the bot beside the least a client can be, in the same run."""
