import { bufferCount, finalize, firstValueFrom, NEVER, Subject } from 'rxjs';
import { virtualTime } from 'rx-mcp/testing';
import { eventOf, startStubServer } from '../../client/modern/faults/startStubServer';
import { modernOnly, startModernServer } from '../../rig/startModernServer';
import { useStage } from '../../rig/useStage';
import { type IncomingRequest, event, stream } from './responses';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);
const stubStage = useStage(startStubServer, modernOnly);
const modernStage = useStage(startModernServer, modernOnly);

const params = { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } };

describe('the timeout of a call', () => {
  it.each(['elicitation/create', 'sampling/createMessage', 'custom/ask'])(
    'is paused while %s is pending on the stream of the call, and not for other calls',
    async (method) => {
      const { scheduler, advance } = virtualTime();
      const server = await stage.server();
      const open: IncomingRequest[] = [];
      server.answer((incoming) => {
        if (incoming.kind === 'answer') open[0]!.to.end(event({ id: open[0]!.id, result: { content: [] } }));
        return incoming.kind === 'tools/call' && open.push(incoming) > 0;
      });
      const { session } = stage.session(server.url, {}, { scheduler, timeout: 300 });
      const answer$ = new Subject<Record<string, unknown>>();
      const requested$ = new Subject<void>();
      session.handle(method, () => {
        requested$.next();
        return answer$;
      });
      await session.connect();
      const call = session.callTool('ask');
      await server.until(() => open.length === 1);
      const other = session.callTool('other');
      await server.until(() => open.length === 2);
      const requested = firstValueFrom(requested$);
      stream(open[0]!).write(event({ id: 'question', method, params }));
      await requested;

      await advance(700);
      await expect(other).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 300 });
      answer$.next({ action: 'accept', content: {} });

      await expect(call).resolves.toMatchObject({ content: [] });
    },
  );

  it.each([
    ['elicitation/create', params],
    ['elicitation/create', { mode: 'url', message: 'Sign in', url: 'https://a.example', elicitationId: 'e' }],
    ['sampling/createMessage', { messages: [], maxTokens: 1 }],
  ])(
    'is paused in 2026-07-28 for the calls that request input, and not for other calls: %s, %j',
    async (method, question) => {
      const { scheduler, advance } = virtualTime();
      const server = await stubStage.server();
      let seen: unknown;
      server.onCall((response, { id, params }) => {
        if (params?.['name'] === 'silent') return;
        const result =
          params?.['inputResponses'] === undefined
            ? { resultType: 'input_required', inputRequests: { answer: { method, params: question } } }
            : { resultType: 'complete', content: [] };
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(eventOf({ id, result }));
      });
      const capabilities = { elicitation: { form: {}, url: {} }, sampling: {} };
      const { session } = stubStage.session(server.url, {}, { scheduler, timeout: 300, capabilities });
      const answer$ = new Subject<Record<string, unknown>>();
      const requested$ = new Subject<void>();
      session.handle(method, ({ params }) => {
        seen = params;
        requested$.next();
        return answer$;
      });
      await session.connect();
      const requested = firstValueFrom(requested$.pipe(bufferCount(2)));
      const calls = [session.callTool('one'), session.callTool('two')];
      const silent = session.callTool('silent');
      await requested;

      await advance(700);
      await expect(silent).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 300 });
      answer$.next({ action: 'accept', content: { type: 'text', text: 'yes' }, role: 'assistant', model: 'm' });

      await expect(Promise.all(calls)).resolves.toMatchObject([{ content: [] }, { content: [] }]);
      expect(seen).toEqual(question);
    },
  );

  it.each(['ask_elicitation', 'ask_sampling'])('is paused in 2026-07-28 while the user answers: %s', async (tool) => {
    const { scheduler, advance } = virtualTime();
    const server = await modernStage.server();
    const capabilities = { elicitation: {}, sampling: {} };
    const { session } = modernStage.session(server.url, {}, { scheduler, timeout: 300, capabilities });
    const answer$ = new Subject<Record<string, unknown>>();
    const requested$ = new Subject<void>();
    session.requests$.subscribe(({ respond }) => {
      answer$.subscribe((answer) => respond(answer));
      requested$.next();
    });
    await session.connect();
    const requested = firstValueFrom(requested$);
    const call = session.callTool(tool);
    await requested;

    await advance(700);
    answer$.next(
      tool === 'ask_elicitation'
        ? { action: 'accept', content: {} }
        : { role: 'assistant', content: { type: 'text', text: 'something' }, model: 'm' },
    );

    await expect(call).resolves.toMatchObject({ content: [{ type: 'text' }] });
  });
});

describe('the handler of a request on the stream of a call', () => {
  it.each(['elicitation/create', 'sampling/createMessage', 'custom/ask'])(
    'is unsubscribed when the call is cancelled, while the handlers of other calls continue: %s',
    async (method) => {
      const server = await stage.server();
      const open: IncomingRequest[] = [];
      server.answer((incoming) => incoming.kind === 'tools/call' && open.push(incoming) > 0);
      const { session } = stage.session(server.url);
      const ended: unknown[] = [];
      const begun$ = new Subject<void>();
      session.handle(method, ({ params }) => {
        begun$.next();
        return NEVER.pipe(finalize(() => ended.push(params?.['message'])));
      });
      await session.connect();
      const abort = new AbortController();
      const first = session.callTool('ask', {}, { signal: abort.signal });
      const second = session.callTool$('ask').subscribe();
      await server.until(() => open.length === 2);
      const begun = firstValueFrom(begun$.pipe(bufferCount(2)));
      open.forEach((call, i) => stream(call).write(event({ id: `q${i}`, method, params: { ...params, message: i } })));
      await begun;

      abort.abort();
      await expect(first).rejects.toMatchObject({ name: 'RequestCancelledError' });
      expect(ended).toEqual([0]);

      second.unsubscribe();
      expect(ended).toEqual([0, 1]);
      await server.until(() => server.requestCounts['notifications/cancelled'] === 2);
    },
  );
});
