import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import type { Demand } from '../notification/hub';
import type { ServerCapabilities } from '../protocol/types';

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
