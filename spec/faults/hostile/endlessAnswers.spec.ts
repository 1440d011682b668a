import type { ServerResponse } from 'node:http';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { endless, event, initialized, stream, useHostile } from './useHostile';

const stage = useHostile();
const redirectUrl = 'http://127.0.0.1/back';

/** Somebody who has no tokens yet. */
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

describe('an answer without an end', () => {
  it('is given up when it refuses a call, over the older transport', async () => {
    let standing: ServerResponse | undefined;
    const server = await stage.server((asked) => {
      const { what, id, from, to } = asked;
      if (what === 'GET') return (standing = stream(asked)).write('event: endpoint\ndata: /messages\n\n');
      if (what === 'tools/call') return endless(asked, 500);
      to.writeHead(from.url === '/messages' ? 202 : 405).end();
      if (from.url === '/messages' && what === 'initialize') standing?.write(event({ id, result: initialized }));
      return true;
    });
    const { session } = stage.session(server);
    await session.connect();

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ConnectionFailedError' });
  });

  it('is given up when it tells where to be authorized', async () => {
    const server = await stage.server((asked) => {
      if (asked.what === 'GET') return endless(asked, 200);
      asked.to.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return true;
    });
    const { session } = stage.session(server, { authProvider });

    await expect(session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: expect.stringContaining('more than 1048576 bytes'),
    });
  });
});
