// A client that does nothing of what it is there for, and says that all went well.
