import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { programArgs } from '../../rig/programArgs';

/** An order to the program: to notify of updates, or to answer every request with a status. `null` restores the answers. */
export type ModernOrder = { id: number } & ({ uris: string[] } | { refuse: number | null });

/** A server of the modern era in a process of its own. */
export interface ModernProcess {
  readonly port: number;
  readonly isUp: boolean;
  /** Resolves when the order is executed. Rejects if the process exits before. */
  order(order: { uris: string[] } | { refuse: number | null }): Promise<void>;
  kill(): Promise<void>;
}

/** Starts a server. Resolves when it is listening. */
export async function startModernProcess(port = 0): Promise<ModernProcess> {
  const child = spawn(process.execPath, [...programArgs('spec/soak/wires/modernProgram.ts'), String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const pending = new Map<number, { resolve(): void; reject(error: Error): void }>();
  let orders = 0;
  let isUp = true;
  void exited.then(() => {
    isUp = false;
    for (const { reject } of pending.values()) reject(new Error('the server has ended'));
    pending.clear();
  });
  const listening = await new Promise<number>((resolve, reject) => {
    child.on('message', (message: { port: number } | { done: number }) => {
      if ('port' in message) return resolve(message.port);
      pending.get(message.done)?.resolve();
      pending.delete(message.done);
    });
    child.once('exit', () => reject(new Error('the server did not start')));
  });

  return {
    port: listening,
    get isUp() {
      return isUp;
    },
    order: (order) =>
      new Promise((resolve, reject) => {
        const id = ++orders;
        pending.set(id, { resolve, reject });
        child.send({ id, ...order }, (error) => error && reject(error));
      }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
