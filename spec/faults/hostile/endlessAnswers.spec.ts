import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { virtualTime, type VirtualTime } from 'rx-mcp/testing';
import { useStage } from '../../rig/useStage';
import {
  type IncomingRequest,
  endless,
  event,
  type Hostile,
  initialized,
  stream,
  startHostileServer,
} from './startHostileServer';

const stage = useStage(startHostileServer);
const redirectUrl = 'http://127.0.0.1/back';

/** A provider without tokens. */
const authProvider: OAuthClientProvider = {
  redirectUrl,
  clientMetadata: { redirect_uris: [redirectUrl] },
  clientInformation: () => ({ client_id: 'client' }),
  tokens: () => undefined,
  saveTokens: () => undefined,
  redirectToAuthorization: () => undefined,
  saveCodeVerifier: () => undefined,
  codeVerifier: () => '',
};

/** Starts a server that supports only the older transport, and rejects calls with `refuse`. */
function older(refuse: (incoming: IncomingRequest) => unknown): Promise<Hostile> {
  let standing: ServerResponse | undefined;
  return stage.server((incoming) => {
    const { kind, id, from, to } = incoming;
    if (kind === 'GET') return (standing = stream(incoming)).write('event: endpoint\ndata: /messages\n\n');
    if (kind === 'tools/call') return refuse(incoming);
    to.writeHead(from.url === '/messages' ? 202 : 405).end();
    if (from.url === '/messages' && kind === 'initialize') standing?.write(event({ id, result: initialized }));
    return true;
  });
}

/** Responds with a status and the beginning of a body that never continues. */
function drip({ to }: IncomingRequest, status: number): true {
  to.writeHead(status, { 'content-type': 'text/plain' }).write('so far');
  return true;
}

/** Advances time until the promise settles. */
async function until<T>(advance: VirtualTime['advance'], awaited: Promise<T>): Promise<T> {
  const over: unknown[] = [];
  const settle = (outcome: unknown): unknown => over.push(outcome);
  awaited.then(settle, settle);
  for (; over.length === 0; await setImmediate()) await advance(10);
  return awaited;
}

describe('an endless response', () => {
  it('is aborted if it responds to a call with an error status over HTTP+SSE', async () => {
    const { session } = stage.session(await older((incoming) => endless(incoming, 500)));
    await session.connect();

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ConnectionFailedError', status: 500 });
  });

  it('is truncated in the error message for a call with an error status over HTTP+SSE', async () => {
    const { session } = stage.session(await older(({ to }) => Boolean(to.writeHead(500).end('x'.repeat(500_000)))));
    await session.connect();

    const error: unknown = await session.callTool('any').catch((cause: unknown) => cause);

    expect(error).toMatchObject({ name: 'ConnectionFailedError', status: 500 });
    expect(inspect(error, { depth: Infinity, maxStringLength: Infinity }).length).toBeLessThan(5_000);
  });

  it('is read for a limited time if it responds to a GET with an error status', async () => {
    const { scheduler, advance } = virtualTime();
    const server = await stage.server(
      (incoming) => incoming.kind === 'GET' && incoming.nth === 1 && drip(incoming, 500),
    );
    const { session, listens, errors } = stage.session(server, { connectTimeout: 1e9 }, { scheduler });

    await until(advance, session.connect());
    await until(advance, listens());

    // A rejection before the server knows that the client is initialized is not a fault.
    expect(errors).toEqual([]);
    expect(server.requestCounts['GET']).toBe(2);
  });

  it('is read for a limited time if it responds to a call with an error status', async () => {
    const { scheduler, advance } = virtualTime();
    const server = await stage.server((incoming) => incoming.kind === 'tools/call' && drip(incoming, 500));
    const { session } = stage.session(server, {}, { scheduler });
    await until(advance, session.connect());

    const call = session.callTool('any', {}, { timeout: Infinity });

    await expect(until(advance, call)).rejects.toMatchObject({
      status: 500,
      message: 'tools/call "any": HTTP 500: so far',
    });
  });

  it('is aborted if it contains authorization metadata', async () => {
    const server = await stage.server((incoming) => {
      if (incoming.kind === 'GET') return endless(incoming, 200);
      incoming.to.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return true;
    });
    const { session } = stage.session(server, { authProvider });

    await expect(session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: expect.stringContaining('exceeds 1048576 bytes'),
    });
  });
});
