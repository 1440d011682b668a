/** What all requests and connections of one server process have in common: in this version of the protocol, everything. */
export interface World {
  /** Tools that were added while running, by name. */
  tools: Set<string>;
  /** Resources that there are, by URI. */
  resources: Set<string>;
  /** Prompts that there are, by name. */
  prompts: Set<string>;
  /** How often each resource was touched. */
  revisions: Map<string, number>;
}
