import { createServer, type ServerResponse } from 'node:http';
import { firstValueFrom, Subject, VirtualTimeScheduler } from 'rxjs';
import { authorizationFetch } from '../../../lib/client/http/authorizationFetch';
import { listen, type Listening } from '../../rig/listen';

describe('a request to an authorization server', () => {
  const requests$ = new Subject<ServerResponse>();
  let server: Listening;
  let ending: AbortController;
  let scheduler: VirtualTimeScheduler;
  let send: () => Promise<Response>;

  beforeEach(async () => {
    server = await listen(createServer((_, response) => requests$.next(response)));
    ending = new AbortController();
    scheduler = new VirtualTimeScheduler();
    const limited = authorizationFetch(fetch, ending.signal, scheduler);
    send = () => limited(server.url);
  });
  afterEach(() => server.close());

  it('resolves with the response', async () => {
    const requested = firstValueFrom(requests$);
    const sent = send();
    (await requested).writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');

    const response = await sent;
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'invalid_grant' });
  });

  it.each([
    ['does not respond', () => undefined],
    ['does not finish the body', (response: ServerResponse) => void response.writeHead(200).write('{')],
  ])('fails after the timeout if the server %s', async (_, respond) => {
    const requested = firstValueFrom(requests$);
    const sent = send();
    const response = await requested;
    respond(response);
    scheduler.flush();

    await expect(sent).rejects.toMatchObject({ message: 'sending: timed out after 30000 ms' });
  });

  it('is aborted when the connection ends', async () => {
    const requested = firstValueFrom(requests$);
    const sent = send();
    await requested;
    ending.abort();

    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  });
});
