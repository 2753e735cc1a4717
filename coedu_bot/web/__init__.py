"""What a supervisor asks over HTTP: is it alive, is it ready, how is it doing."""
