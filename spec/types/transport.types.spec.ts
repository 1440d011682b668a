import type { createMCPClient } from '@ai-sdk/mcp';
import type { Client as ModernClient, Transport as ModernTransport } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { expectTypeOf } from 'expect-type';
import type { ConnectorOptions, MCPSession, SessionTransport, ValidateOutput } from 'rx-mcp';

type AiTransport = Extract<Parameters<typeof createMCPClient>[0]['transport'], { start(): unknown }>;

describe('the type of a session transport', () => {
  it('is that of MCPSession.transport()', () => {
    expectTypeOf<MCPSession['transport']>().toEqualTypeOf<() => SessionTransport>();
  });

  it('extends the Transport of the SDK, of the modern client and of the AI SDK', () => {
    expectTypeOf<SessionTransport>().toExtend<Transport>();
    expectTypeOf<SessionTransport>().toExtend<ModernTransport>();
    expectTypeOf<SessionTransport>().toExtend<AiTransport>();
  });

  it('is accepted by their clients without a cast', () => {
    const connect = (session: MCPSession, client: Client, modern: ModernClient): Promise<void>[] => [
      client.connect(session.transport()),
      modern.connect(session.transport()),
    ];
    expectTypeOf(connect).returns.toEqualTypeOf<Promise<void>[]>();
  });
});

describe('the type of validateOutput', () => {
  it("is a boolean or 'report'", () => {
    expectTypeOf<ValidateOutput>().toEqualTypeOf<boolean | 'report'>();
    expectTypeOf<ConnectorOptions['validateOutput']>().toEqualTypeOf<ValidateOutput | undefined>();
  });
});
