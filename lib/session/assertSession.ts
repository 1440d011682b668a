import { connectorChecks } from '../client/connection/connector';
import { assertOptions, having } from '../util/options';
import { sessionChecks } from './sessionChecks';

const assertConnector = having('a connector, as new HttpConnector(url) is one', 'connect');

/** @throws `ConfigError` when what a session is made of is not what it has to be. */
export function assertSession(connector: { options: unknown }, options: unknown): void {
  assertConnector(connector, 'connector');
  assertOptions(connector.options, connectorChecks, 'connector.options');
  assertOptions(options, sessionChecks);
}
