"""A parent's client with the encryption that Element has: matrix-js-sdk in a child process."""
