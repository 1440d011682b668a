import { atLeast, callable, expecting, period, type Check } from '../util/options';
import { assertReconnect } from './assertReconnect';

/** What the options that every connector takes have to be; its roots are looked at by who tells them to a server. */
export const connectorChecks: Readonly<Record<string, Check>> = {
  reconnect: assertReconnect,
  connectTimeout: atLeast(0),
  keepAlive: period(false),
  engine: callable,
  validateOutput: expecting('true or false', (value) => typeof value === 'boolean'),
};
