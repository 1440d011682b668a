import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const child = fileURLToPath(new URL('child.mjs', import.meta.url));

/** Milliseconds after which a run counts as stuck. */
const timeoutMs = 180_000;

/** Runs a workload in a fresh process, with V8 flags if given. Resolves with its measurement. */
export function runVariant({ flags = [], ...variant }) {
  return new Promise((resolve, reject) => {
    let measured;
    fork(child, [JSON.stringify(variant)], {
      execArgv: ['--expose-gc', ...flags],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
      .on('message', (message) => (measured = message))
      .on('error', reject)
      .on('exit', (code, signal) => {
        if (measured) resolve(measured);
        else reject(new Error(`${JSON.stringify(variant)} ended with ${signal ?? code} and no measurement`));
      });
  });
}
