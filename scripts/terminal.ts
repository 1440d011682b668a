// Draws docs/images/watch.svg, a picture of `rx-mcp watch` while its server restarts: `npm run build && npx tsx scripts/terminal.ts`.
// Needs `script` of util-linux, for the pseudoterminal, and port 3000.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { runInTerminal } from '../spec/rig/runInTerminal';
import { drawTerminal } from './terminal/drawTerminal';
import { screenOf } from './terminal/screenOf';

const columns = 92;
const command = 'npx rx-mcp watch http://127.0.0.1:3000/mcp';

/** Starts the server of the picture. Resolves when it listens. */
async function startServer(): Promise<ChildProcess> {
  const args = ['--import', 'tsx', 'scripts/terminal/server.ts'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the server did not start'))),
  ]);
  return child;
}

// Like npm when it installs the package.
chmodSync('dist/esm/cli/main.js', 0o755);
let server = await startServer();
const terminal = runInTerminal(command.split(' '), { columns });
try {
  await terminal.seen('"closed"');
  server.kill('SIGKILL');
  await terminal.seen('attempt 2');
  server = await startServer();
  await terminal.seen('gap of');
  await terminal.seen('"closed"', 2);
  terminal.type('\u0003');
  const { output } = await terminal.ended;
  writeFileSync('docs/images/watch.svg', drawTerminal(screenOf(`$ ${command}\r\n${output}`), columns, command));
} finally {
  terminal.kill();
  server.kill('SIGKILL');
}
