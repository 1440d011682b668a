import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { listen } from '../../rig/listen';

/** An order to the program. */
export type StdioOrder =
  | { kind: 'start' }
  | { kind: 'exit'; code: number }
  | { kind: 'garbage' }
  | { kind: 'send'; from: number; count: number };

/** A report of the program. */
export type StdioReport =
  | { kind: 'started'; name: string; pid: number }
  /** The server is reachable. `spawnedAt` is the start of its process, in milliseconds since the epoch. */
  | { kind: 'ready'; spawnedAt: number }
  | { kind: 'sent'; from: number; count: number };

/** A process that is connected to the control. */
export interface StdioProcess {
  readonly name: string;
  readonly pid: number;
  order(order: StdioOrder): void;
}

/** Sends orders to the processes of a soak over stdio. */
export interface StdioControl {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens for processes. `onReport` receives the reports of a started process, and `onGone` its end. */
export async function startStdioControl(handlers: {
  onStarted(process: StdioProcess): void;
  onReport(process: StdioProcess, report: StdioReport): void;
  onGone(process: StdioProcess): void;
}): Promise<StdioControl> {
  const server = createServer((socket) => {
    let process: StdioProcess | undefined;
    socket.on('error', () => undefined);
    // The interface re-emits the errors of its socket, which a killed process resets.
    const lines = createInterface(socket).on('error', () => undefined);
    lines.on('line', (line) => {
      const report = JSON.parse(line) as StdioReport;
      if (report.kind === 'started') {
        const { name, pid } = report;
        process = { name, pid, order: (order) => void socket.write(`${JSON.stringify(order)}\n`) };
        handlers.onStarted(process);
      } else if (process) handlers.onReport(process, report);
    });
    socket.once('close', () => {
      if (process) handlers.onGone(process);
    });
  });
  const { port, close } = await listen(server);
  return { port, close };
}
