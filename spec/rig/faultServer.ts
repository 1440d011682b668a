// The process behind `startFaultServer`. Its options are JSON on the command line, and its commands arrive over IPC.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FaultOrder, FaultReport } from './fault/commands';
import { createCommands } from './fault/createCommands';
import { createFront } from './fault/createFront';
import { createWorld, type FaultServerOptions } from './fault/world';

const options = JSON.parse(process.argv[2] ?? '{}') as FaultServerOptions;
const report = (message: FaultReport): void => void process.send?.(message);
const world = createWorld(options, (event) => report({ kind: 'event', event }));
const commands = { ...createCommands(world), sync: () => undefined };

async function carryOut({ id, command, args }: FaultOrder): Promise<void> {
  try {
    const result: unknown = await Reflect.apply(commands[command], undefined, args);
    report({ kind: 'reply', id, result });
  } catch (error) {
    report({ kind: 'reply', id, error: String(error) });
  }
}
process.on('message', (order: FaultOrder) => void carryOut(order));
// The parent process has exited.
process.once('disconnect', () => process.exit(0));

const front = createFront(world);
front.listen(options.port ?? 0, '127.0.0.1');
await once(front, 'listening');
const { port } = front.address() as AddressInfo;
report({ kind: 'ready', port });
