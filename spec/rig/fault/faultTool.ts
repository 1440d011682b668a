import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  CallToolResult,
  Notification,
  Request,
  ServerNotification,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { FaultSession } from './faultSession';
import type { FaultWorld } from './faultWorld';

/** What a call of a built-in tool does. */
export type FaultTool = (
  args: Record<string, unknown>,
  call: {
    request: RequestHandlerExtra<ServerRequest | Request, ServerNotification | Notification>;
    session: FaultSession;
    world: FaultWorld;
  },
) => CallToolResult | Promise<CallToolResult>;
