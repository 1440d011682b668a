import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import type { Demand } from '../../../notification/hub';
import type { ServerCapabilities } from '../../../protocol/types';

/**
 * Returns the filter for a demand: the changes with a subscriber or, if `notifications$` has a subscriber, all changes
 * that the server has declared. Filters for equal demands have equal JSON.
 *
 * @param requested - the URIs of resources that were subscribed to explicitly.
 */
export function subscriptionFilter(
  demand: Demand,
  requested: Iterable<string>,
  capabilities: ServerCapabilities,
): SubscriptionFilter {
  const all = demand.all();
  const methods = new Set(demand.methods());
  const wants = (kind: 'tools' | 'prompts' | 'resources'): boolean =>
    methods.has(`notifications/${kind}/list_changed`) || (all && capabilities[kind]?.listChanged === true);
  const uris = [...new Set([...demand.uris(), ...requested])].sort();
  return {
    ...(wants('tools') && { toolsListChanged: true }),
    ...(wants('prompts') && { promptsListChanged: true }),
    ...(wants('resources') && { resourcesListChanged: true }),
    ...(uris.length > 0 && { resourceSubscriptions: uris }),
  };
}

/** Whether a filter matches nothing. */
export function isEmptyFilter(filter: SubscriptionFilter): boolean {
  return Object.keys(filter).length === 0;
}

/** Whether two filters are equal. Compares JSON, because members are always in the same order. */
export function isSameFilter(one: SubscriptionFilter, other: SubscriptionFilter): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const lists = {
  toolsListChanged: 'changes of tools',
  promptsListChanged: 'changes of prompts',
  resourcesListChanged: 'changes of resources',
} as const;

/** Describes each part of a filter that the server has not accepted, for warnings. */
export function declinedParts(requested: SubscriptionFilter, honored: SubscriptionFilter): string[] {
  const kinds = (['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const).filter(
    (kind) => requested[kind] === true && honored[kind] !== true,
  );
  const uris = new Set(honored.resourceSubscriptions);
  const resources = (requested.resourceSubscriptions ?? []).filter((uri) => !uris.has(uri));
  return [...kinds.map((kind) => lists[kind]), ...resources.map((uri) => `updates of ${uri}`)];
}
