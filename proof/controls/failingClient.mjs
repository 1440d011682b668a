// A client that gives up.
process.exit(1);
