import { runCases } from '../harness/runCases';

// A section that leaves a timer running.
setInterval(() => {}, 1_000);
await runCases('open timer', []);
