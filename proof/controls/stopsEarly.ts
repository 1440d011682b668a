// A section that does not get as far as its cases.
process.exit(7);
