import { assertOptions, atLeast, type Check } from '../util/options';
import { backoffChecks } from './backoffChecks';

/** Options for `backoff`, or a config for RxJS's `retry`: no member of one is a member of the other. */
const members: Readonly<Record<string, Check>> = {
  ...backoffChecks,
  count: atLeast(0),
  delay: (delay, path) => {
    if (typeof delay !== 'function') atLeast(0)(delay, path);
  },
};

/** @throws `ConfigError` when it is no `reconnect` option. */
export function assertReconnect(reconnect: unknown, path: string): void {
  if (reconnect !== false) assertOptions(reconnect, members, path);
}
