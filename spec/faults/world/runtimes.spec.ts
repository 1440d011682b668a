import { firstValueFrom, ReplaySubject, skip } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { plain } from './responses';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

/** The error of `fetch` for a refused connection, by runtime. */
const runtimes: Record<string, (url: string) => Error> = {
  Deno: (url) =>
    new TypeError(
      `error sending request for url (${url}): client error (Connect): tcp connect error: Connection refused (os error 111)`,
    ),
  Bun: () =>
    Object.assign(new Error('Unable to connect. Is the computer able to access the url?'), {
      code: 'ConnectionRefused',
    }),
  Node: () =>
    new TypeError('fetch failed', {
      cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
    }),
};

/** A network that, while it is down, refuses connections with the error of a runtime. */
function networkOf(refused: (url: string) => Error) {
  const refused$ = new ReplaySubject<void>(Infinity);
  const network = {
    isDown: false,
    fetch: (input: string | URL, init?: RequestInit): Promise<Response> => {
      if (!network.isDown) return fetch(input, init);
      refused$.next();
      return Promise.reject(refused(String(input)));
    },
    refusals: (count: number) => firstValueFrom(refused$.pipe(skip(count - 1))),
  };
  return network;
}

describe.each(Object.entries(runtimes))('a refused connection in %s', (_, refused) => {
  it('shows that the call did not reach the server, so it is resent', async () => {
    const server = await stage.server();
    // Without a stream, the loss of the server goes unnoticed.
    server.answer((incoming) => incoming.kind === 'GET' && plain(incoming, 405));
    const network = networkOf(refused);
    const { session } = stage.session(server.url, { fetch: network.fetch });
    await session.connect();
    network.isDown = true;
    const call = session.callTool('echo');
    await network.refusals(1);
    network.isDown = false;

    await expect(call).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(server.requestCounts['tools/call']).toBe(1);
  });

  it('fails the first attempt with a retryable error', async () => {
    const server = await stage.server();
    const network = networkOf(refused);
    network.isDown = true;
    const { session } = stage.session(server.url, { fetch: network.fetch });

    await expect(session.connect()).rejects.toMatchObject({ name: 'ConnectionFailedError', retryable: true });
  });
});
