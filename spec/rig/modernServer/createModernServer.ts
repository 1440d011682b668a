import { ProtocolError, Server } from '@modelcontextprotocol/server';
import { modernTools } from './tools';

/** A change on the server that it can announce. */
export type Change = { kind: 'tools' | 'prompts' | 'resources' } | { kind: 'resource'; uri: string };

/**
 * The state that all requests and connections of one server process share. In this version of the protocol, that is all state.
 */
export interface World {
  /** The tools that were added at run time, by name. */
  tools: Set<string>;
  /** The existing resources, by URI. */
  resources: Set<string>;
  /** The existing prompts, by name. */
  prompts: Set<string>;
  /** The number of changes of each resource. */
  revisions: Map<string, number>;
}

/** Creates the initial world. */
export const createWorld = (): World => ({
  tools: new Set(),
  resources: new Set(['memo://readme', 'memo://counter', 'memo://today']),
  prompts: new Set(['greet']),
  revisions: new Map(),
});

const invalidParams = -32602;

/**
 * Creates a server on the SDK 2.x for one request, or for one connection. The state that outlives it is in the world. Supports protocol
 * 2026-07-28 and earlier versions.
 *
 * @param announce - notifies subscribers of a change. Default: the server notifies on its own connection.
 */
export function createModernServer(world: World, announce?: (change: Change) => void): Server {
  const server = new Server(
    { name: 'rx-mcp-rig-modern', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
      },
      instructions: 'A server of protocol 2026-07-28 that sends notifications.',
    },
  );
  const announceChange = async (change: Change): Promise<void> => {
    if (announce) announce(change);
    else if (change.kind === 'resource') await server.sendResourceUpdated({ uri: change.uri });
    else await server.notification({ method: `notifications/${change.kind}/list_changed` });
  };
  server.setRequestHandler('tools/list', () => ({
    tools: [...modernTools(world, announceChange).values()].map(({ definition }) => definition),
  }));
  server.setRequestHandler('tools/call', ({ params: { name, arguments: args = {} } }, context) => {
    const tool = modernTools(world, announceChange).get(name);
    if (!tool) throw new ProtocolError(invalidParams, `There is no tool ${name}`);
    return tool.call(args, context);
  });
  server.setRequestHandler('prompts/list', () => ({ prompts: [...world.prompts].map((name) => ({ name })) }));
  server.setRequestHandler('prompts/get', ({ params: { name } }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: name } }],
  }));
  server.setRequestHandler('resources/list', () => ({
    resources: [...world.resources].map((uri) => ({ uri, name: uri })),
  }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => ({
    contents: [{ uri, mimeType: 'text/plain', text: `${uri}, touched ${world.revisions.get(uri) ?? 0} times` }],
  }));
  // Sent by clients of earlier versions only.
  server.setNotificationHandler('notifications/roots/list_changed', () =>
    server.notification({ method: 'custom/roots-changed' }),
  );
  server.setRequestHandler('resources/subscribe', () => ({}));
  server.setRequestHandler('resources/unsubscribe', () => ({}));
  return server;
}
