import { createStdioConnector } from '#platform';
import { defer, switchMap } from 'rxjs';
import type { Connector } from './connection/connector';
import { HttpConnector } from '../connector/httpConnector';
import type { ServerConfig } from './clientConfig';

/** The connector that a server's configuration asks for. */
export function connectorOf(config: ServerConfig): Connector {
  if ('url' in config) return new HttpConnector(config.url, config);
  const connector$ = defer(() => createStdioConnector(config, config));
  return {
    options: config,
    connect: (context) => connector$.pipe(switchMap((connector) => connector.connect(context))),
  };
}
