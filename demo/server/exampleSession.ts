import type { Prompt, Resource } from '@modelcontextprotocol/sdk/types.js';
import type { ExampleTool } from './exampleTool';
import type { ProtocolServer } from './protocolServer';

/** The state of one client's session. Sessions share no state, so that clients do not affect each other. */
export interface ExampleSession {
  readonly server: ProtocolServer;
  readonly tools: Map<string, ExampleTool>;
  readonly prompts: Map<string, Prompt>;
  /** The resources by URI. */
  readonly resources: Map<string, Resource>;
  /** The number of changes of each resource, which its text contains. */
  readonly revisions: Map<string, number>;
  /** The URIs that the client has subscribed to. */
  readonly subscriptions: Set<string>;
}
