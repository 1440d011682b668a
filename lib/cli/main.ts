#!/usr/bin/env node
import { run } from './run';

// Sets the exit code instead of exiting, so that pending output is still written.
void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
