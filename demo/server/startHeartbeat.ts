import type { ProtocolServer } from './protocolServer';

/** Sends a numbered `custom/heartbeat` every `interval` milliseconds, from `initialized` until the session closes. */
export function startHeartbeat(server: ProtocolServer, interval: number): void {
  if (interval === 0) return;
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  server.oninitialized = () => {
    timer = setInterval(() => {
      count += 1;
      server.notification({ method: 'custom/heartbeat', params: { count } }).catch(() => clearInterval(timer));
    }, interval);
  };
  server.onclose = () => clearInterval(timer);
}
