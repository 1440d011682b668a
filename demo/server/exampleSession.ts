import type { Prompt, Resource } from '@modelcontextprotocol/sdk/types.js';
import type { ExampleTool } from './exampleTool';
import type { ProtocolServer } from './protocolServer';

/** What one client's session holds: nothing is shared between sessions, so that clients do not disturb each other. */
export interface ExampleSession {
  readonly server: ProtocolServer;
  readonly tools: Map<string, ExampleTool>;
  readonly prompts: Map<string, Prompt>;
  /** By URI. */
  readonly resources: Map<string, Resource>;
  /** How often each resource was touched: its text tells. */
  readonly revisions: Map<string, number>;
  /** The URIs that the client subscribed to. */
  readonly subscriptions: Set<string>;
}
