import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { programArgs } from '../programArgs';
import type { FaultOrder, FaultReport } from './commands';
import type { FaultEvent } from './events';
import type { FaultServerOptions } from './world';

/** The running process of a server. */
export interface FaultProcess {
  readonly port: number;
  readonly pid: number;
  /** Whether the process still runs. */
  readonly alive: boolean;
  call(command: FaultOrder['command'], args: unknown[]): Promise<unknown>;
  /** Ends the process with a signal. Resolves when it has exited. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Starts the process of a server. Resolves when it listens. */
export async function launchFaultServer(
  options: FaultServerOptions,
  onEvent: (event: FaultEvent) => void,
): Promise<FaultProcess> {
  const command = [...programArgs('spec/rig/faultServer.ts'), JSON.stringify(options)];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  const pending = new Map<number, Pending>();
  let orders = 0;
  let complaint = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaint += text));

  let alive = true;
  // The pipes may close a moment after the exit.
  const closed = once(child, 'close');
  const exited = once(child, 'exit').then(() => {
    alive = false;
    onEvent({ type: 'down' });
    for (const { reject } of pending.values()) reject(new Error(`The fault server is down. ${complaint}`));
    pending.clear();
  });

  const port = await new Promise<number>((ready, failed) => {
    child.once('close', () => failed(new Error(`starting the fault server: exited before it listened (${complaint})`)));
    child.on('message', (report: FaultReport) => {
      // Events that arrive after the exit are ignored.
      if (!alive) return;
      if (report.kind === 'ready') ready(report.port);
      else if (report.kind === 'event') onEvent(report.event);
      else settle(pending, report);
    });
  });
  onEvent({ type: 'up' });

  return {
    port,
    pid: child.pid!,
    get alive() {
      return alive;
    },
    call: (command, args) =>
      new Promise((resolve, reject) => {
        if (!alive) return reject(new Error(`The fault server is down. ${complaint}`));
        const id = ++orders;
        pending.set(id, { resolve, reject });
        child.send({ id, command, args } satisfies FaultOrder, (error) => error && reject(error));
      }),
    end: async (signal) => {
      child.kill(signal);
      await exited;
      await closed;
    },
  };
}

function settle(pending: Map<number, Pending>, { id, result, error }: FaultReport & { kind: 'reply' }): void {
  const order = pending.get(id);
  pending.delete(id);
  if (error === undefined) order?.resolve(result);
  else order?.reject(new Error(error));
}
