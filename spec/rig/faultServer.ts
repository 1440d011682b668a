// The process behind `startFaultServer`. Its options are JSON on the command line, and its commands arrive over IPC.
import type { FaultOrder, FaultReport } from './fault/commands';
import { createCommands } from './fault/createCommands';
import { createFront } from './fault/createFront';
import { createWorld, type FaultServerOptions } from './fault/world';
import { listen } from './listen';

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
const { port } = await listen(front, options.port);
report({ kind: 'ready', port });
