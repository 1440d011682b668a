import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpConnector, MCPSession, type Session } from 'rx-mcp';

/** The injection token of the session. */
export const MCP_SESSION = Symbol('MCP_SESSION');

/** Provides one session to the whole application, and ends it with the application. */
@Module({})
export class McpModule implements OnModuleInit, OnModuleDestroy {
  constructor(@Inject(MCP_SESSION) private readonly session: Session) {}

  static forRoot(url: string): DynamicModule {
    const session = { provide: MCP_SESSION, useFactory: () => new MCPSession(new HttpConnector(url)) };
    return { module: McpModule, global: true, providers: [session], exports: [session] };
  }

  /** Does not wait for the server: the application starts without it. */
  onModuleInit(): void {
    this.session.connect({ retry: true }).catch(() => undefined); // status$ reports the reason
  }

  /** Completes the streams of the session, and with them the responses of `@Sse`, before the HTTP server closes. */
  async onModuleDestroy(): Promise<void> {
    await this.session.disconnect();
  }
}
