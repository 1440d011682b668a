import childProcess, { ChildProcess } from 'node:child_process';
import { Server, Socket } from 'node:net';

// `npm run test:quick` must not start processes or open sockets. Fails a spec that does.
const forbid = (target: object, method: string): void => {
  Reflect.set(target, method, () => {
    throw new Error(`${method}: quick specs start no process and open no socket`);
  });
};

forbid(ChildProcess.prototype, 'spawn');
for (const method of ['spawnSync', 'execSync', 'execFileSync']) forbid(childProcess, method);
forbid(Socket.prototype, 'connect');
forbid(Server.prototype, 'listen');
