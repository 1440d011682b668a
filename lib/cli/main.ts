#!/usr/bin/env node
import { run } from './run';

// The exit code is set rather than forced, so that output which is still being written arrives.
void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
