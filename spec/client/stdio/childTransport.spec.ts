import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, ReplaySubject } from 'rxjs';
import { ChildTransport } from '../../../lib/client/stdio/childTransport';
import { listen } from '../../rig/listen';

/** Starts a Node process that evaluates a program. Emits its first message, and why it has exited. */
async function start(program: string) {
  const { scheduler, advance } = virtualTime();
  const ready$ = new ReplaySubject<void>(1);
  const exit$ = new ReplaySubject<string>(1);
  const transport = new ChildTransport(
    { command: process.execPath, args: ['-e', program], stderr: 'ignore' },
    { scheduler, onStderr: () => undefined, onExit: (reason) => exit$.next(reason) },
  );
  transport.onmessage = () => ready$.next();
  await transport.start();
  await firstValueFrom(ready$);
  return { transport, advance, exited: () => firstValueFrom(exit$) };
}

const message = `console.log('{"jsonrpc":"2.0","method":"ready"}');`;
const stay = 'setInterval(() => {}, 1e6);';

describe('a child process that is closed', () => {
  it('can exit on its own terms after SIGTERM', async () => {
    const { transport, advance, exited } = await start(
      `process.on('SIGTERM', () => process.exit(7)); ${stay} ${message}`,
    );

    const closed = transport.close();
    await advance(2_000);
    await closed;

    expect(await exited()).toBe('with code 7');
  });
});

describe('a child process that exits', () => {
  it('ends the processes that it has started with SIGTERM', async () => {
    const connections$ = new ReplaySubject<Socket>(1);
    const server = await listen(createServer((socket) => connections$.next(socket)));
    const grandchild = `
      const socket = require('node:net').connect(${server.port}, '127.0.0.1');
      process.on('SIGTERM', () => socket.end('SIGTERM', () => process.exit()));
      socket.on('connect', () => process.send('ready'));`;
    const { exited } = await start(`
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      child.on('message', () => { ${message} process.exit(); });`);

    expect(await exited()).toBe('with code 0');
    expect(await text(await firstValueFrom(connections$))).toBe('SIGTERM');
    await server.close();
  });
});
