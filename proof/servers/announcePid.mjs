// Loaded into a server on stdio before it starts: says who it is, to whoever reads its standard error.
process.stderr.write(`pid ${process.pid}\n`);
