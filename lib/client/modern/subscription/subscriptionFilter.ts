import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import type { Demand } from '../../../notification/hub';
import type { ServerCapabilities } from '../../../protocol/types';

/**
 * What a server is to be asked to tell of: the changes that somebody hears of, and all that it says it can tell of where
 * somebody hears everything. The same demand makes an equal filter, key by key.
 *
 * @param asked - resources that were subscribed to by themselves.
 */
export function subscriptionFilter(
  demand: Demand,
  asked: Iterable<string>,
  capabilities: ServerCapabilities,
): SubscriptionFilter {
  const all = demand.all();
  const methods = new Set(demand.methods());
  const wants = (kind: 'tools' | 'prompts' | 'resources'): boolean =>
    methods.has(`notifications/${kind}/list_changed`) || (all && capabilities[kind]?.listChanged === true);
  const uris = [...new Set([...demand.uris(), ...asked])].sort();
  return {
    ...(wants('tools') && { toolsListChanged: true }),
    ...(wants('prompts') && { promptsListChanged: true }),
    ...(wants('resources') && { resourcesListChanged: true }),
    ...(uris.length > 0 && { resourceSubscriptions: uris }),
  };
}

/** Whether a filter lets nothing through. */
export function isEmptyFilter(filter: SubscriptionFilter): boolean {
  return Object.keys(filter).length === 0;
}

/** Whether two filters let the same through. They are made in one order, so that equal ones are written alike. */
export function isSameFilter(one: SubscriptionFilter, other: SubscriptionFilter): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const lists = {
  toolsListChanged: 'changes of the list of tools',
  promptsListChanged: 'changes of the list of prompts',
  resourcesListChanged: 'changes of the list of resources',
} as const;

/** What was asked for and not agreed to, in words, one by one. */
export function declinedParts(asked: SubscriptionFilter, honored: SubscriptionFilter): string[] {
  const kinds = (['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const).filter(
    (kind) => asked[kind] === true && honored[kind] !== true,
  );
  const uris = new Set(honored.resourceSubscriptions);
  const resources = (asked.resourceSubscriptions ?? []).filter((uri) => !uris.has(uri));
  return [...kinds.map((kind) => lists[kind]), ...resources.map((uri) => `updates of ${uri}`)];
}
