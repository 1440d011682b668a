import { assertObject, callable, period, type Check } from '../util/options';
import { connectorChecks } from '../client/connection/connector';
import { ConfigError } from '../errors';
import { headersProblem } from './headersProblem';

/** What the options of an `HttpConnector` have to be. */
export const httpChecks: Readonly<Record<string, Check>> = {
  ...connectorChecks,
  headers: (headers, path) => {
    const problem = headersProblem(headers);
    if (problem) throw new ConfigError(`${path}: ${problem}`, { path });
  },
  authProvider: assertObject,
  fetch: callable,
  watchdog: period('auto', false),
};
