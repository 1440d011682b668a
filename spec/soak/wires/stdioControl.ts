import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What the program is ordered to do. */
export type StdioOrder =
  | { kind: 'start' }
  | { kind: 'exit'; code: number }
  | { kind: 'garbage' }
  | { kind: 'send'; from: number; count: number };

/** What the program reports. */
export type StdioReport =
  | { kind: 'started'; name: string; pid: number }
  /** It can be reached; `spawnedAt` is when its process began, in milliseconds since the epoch. */
  | { kind: 'ready'; spawnedAt: number }
  | { kind: 'sent'; from: number; count: number };

/** A process that is connected to the control. */
export interface StdioProcess {
  readonly name: string;
  readonly pid: number;
  order(order: StdioOrder): void;
}

/** Where the processes of a soak over stdio get their orders. */
export interface StdioControl {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens for processes. `onReport` receives what a process that has started reports; `onGone` its end. */
export async function startStdioControl(handlers: {
  onStarted(process: StdioProcess): void;
  onReport(process: StdioProcess, report: StdioReport): void;
  onGone(process: StdioProcess): void;
}): Promise<StdioControl> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let process: StdioProcess | undefined;
    sockets.add(socket.on('error', () => undefined));
    // It emits the errors of its socket as well: a process that is killed resets it.
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
      sockets.delete(socket);
      if (process) handlers.onGone(process);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
