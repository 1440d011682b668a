import { ErrorCode, ListPromptsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { MCPSession } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { idle } from '../../../rig/idle';
import { record } from '../../../rig/record';
import { sdkServer } from '../../../rig/sdkServer';

/** Creates a server that does not declare prompts, and responds to `prompts/list` with `answer`. */
function undeclared(answer: () => unknown) {
  const server = sdkServer({ tools: {} }, (sdk) => {
    // The SDK rejects handlers and notifications that are not declared.
    for (const check of ['assertRequestHandlerCapability', 'assertNotificationCapability']) {
      Object.defineProperty(sdk, check, { value: () => {} });
    }
    sdk.setRequestHandler(ListPromptsRequestSchema, answer as never);
  });
  return server;
}

describe('a live list that the server does not declare', () => {
  it.each<[string, () => unknown]>([
    [
      'an internal error',
      () => {
        throw new McpError(ErrorCode.InternalError, 'HTTP 500');
      },
    ],
    ['an invalid result', () => ({ prompts: 7 })],
    ['"method not found"', () => Promise.reject(new McpError(ErrorCode.MethodNotFound, 'no'))],
  ])('is empty if the server responds with %s, and is not refetched until a change', async (_, answer) => {
    const server = undeclared(answer);
    const session = new MCPSession(server.connector());
    await session.connect();
    const errors = record(session.errors$);
    const prompts = record(session.prompts$);

    expect(await prompts.nth(1)).toEqual([]);
    await idle();
    expect(server.count('prompts/list')).toBe(1);
    expect(errors.values).toEqual([]);
    await server.current.notification({ method: 'notifications/prompts/list_changed' });
    expect(await prompts.nth(2)).toEqual([]);

    prompts.stop();
    await session.disconnect();
  });

  it('is empty if the server does not respond within 10 s', async () => {
    const { scheduler, advance } = virtualTime();
    const server = undeclared(() => new Promise(() => {}));
    const session = new MCPSession(server.connector(), { scheduler });
    await session.connect();
    const prompts = record(session.prompts$);
    await idle();

    await advance(9_999);
    expect(prompts.values).toEqual([]);
    await advance(1);

    expect(await prompts.nth(1)).toEqual([]);
    prompts.stop();
    await session.disconnect();
  });

  it('is fetched, because some servers declare too little', async () => {
    const server = undeclared(() => ({ prompts: [{ name: 'greet' }] }));
    const session = new MCPSession(server.connector());
    await session.connect();
    const prompts = record(session.prompts$);

    expect(await prompts.nth(1)).toMatchObject([{ name: 'greet' }]);
    prompts.stop();
    await session.disconnect();
  });
});
