import { HandlerError, MCPSession, type Result } from 'rx-mcp';
import { MCPServer, tool } from 'rx-mcp/server';
import { simulateNetwork } from 'rx-mcp/testing';

describe('the result of a handler for server requests', () => {
  it.each<[string, () => unknown, string]>([
    ['an array of text', () => ['text'], 'expected an object as the result'],
    ['a Map', () => new Map([['n', 1]]), 'result: expected a JSON value, got Map'],
    ['NaN in an object', () => ({ n: NaN }), 'result.n: expected a JSON value, got NaN'],
  ])('is a HandlerError if it is not a JSON object: %s', async (_, handler, reason) => {
    const ask = tool('ask', {}, (_args, { request$ }) => request$('custom/ask'));
    const server = new MCPServer({ name: 'spec', version: '1.0.0' }, { tools: [ask] });
    await using network = simulateNetwork(server);
    await using session = new MCPSession(network.connector());
    const errors: unknown[] = [];
    session.errors$.subscribe((error) => errors.push(error));
    session.handle('custom/ask', handler as () => Result);
    await session.connect();
    await expect(session.callTool('ask')).rejects.toThrow(/custom\/ask: the handler failed$/);
    expect(errors).toEqual([expect.any(HandlerError)]);
    expect(errors[0]).toMatchObject({
      message: `custom/ask: the handler failed (${reason})`,
      cause: { message: reason },
    });
  });

  it('may be given as an array of one result, like any ObservableInput', async () => {
    const ask = tool('ask', {}, (_args, { request$ }) => request$('custom/ask'));
    const server = new MCPServer({ name: 'spec', version: '1.0.0' }, { tools: [ask] });
    await using network = simulateNetwork(server);
    await using session = new MCPSession(network.connector());
    session.handle('custom/ask', () => [{ n: 1 }]);
    await session.connect();

    await expect(session.callTool('ask')).resolves.toMatchObject({ structuredContent: { n: 1 } });
  });
});

describe('the message of a HandlerError', () => {
  it.each<[string, unknown, string]>([
    ['an error', new Error('no luck'), 'failed (no luck)'],
    ['an error with a cause', new Error('outer', { cause: new Error('inner') }), 'failed (inner)'],
    ['a text', 'no luck', 'failed (no luck)'],
    ['an object without a message', { code: 5 }, 'failed'],
    ['nothing', undefined, 'failed'],
    ['an error whose message it already contains', new Error('failed'), 'failed'],
  ])('contains the reason: %s', (_, cause, message) => {
    expect(new HandlerError('failed', { cause }).message).toBe(message);
  });
});
