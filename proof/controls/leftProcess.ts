import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runCases } from '../harness/runCases';

// A section that leaves a process running.
const file = fileURLToPath(new URL('hangingClient.mjs', import.meta.url));
spawn(process.execPath, [file], { stdio: 'ignore' }).unref();
await runCases('left process', []);
