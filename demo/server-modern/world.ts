/**
 * The state that all requests and connections of one server process share. In this version of the protocol, that is all state.
 */
export interface World {
  /** The tools that were added at run time, by name. */
  tools: Set<string>;
  /** The existing resources, by URI. */
  resources: Set<string>;
  /** The existing prompts, by name. */
  prompts: Set<string>;
  /** The number of changes of each resource. */
  revisions: Map<string, number>;
}
