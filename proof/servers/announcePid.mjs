// Preloaded into a stdio server: writes its process id to standard error.
process.stderr.write(`pid ${process.pid}\n`);
