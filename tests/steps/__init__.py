"""What people do in a test, in few words: helpers, no tests."""
