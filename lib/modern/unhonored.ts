import type { SubscriptionFilter } from '@modelcontextprotocol/client';

const lists = {
  toolsListChanged: 'changes of the list of tools',
  promptsListChanged: 'changes of the list of prompts',
  resourcesListChanged: 'changes of the list of resources',
} as const;

/** What was asked for and not agreed to, in words, one by one. */
export function unhonored(asked: SubscriptionFilter, honored: SubscriptionFilter): string[] {
  const kinds = (['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const).filter(
    (kind) => asked[kind] === true && honored[kind] !== true,
  );
  const uris = new Set(honored.resourceSubscriptions);
  const resources = (asked.resourceSubscriptions ?? []).filter((uri) => !uris.has(uri));
  return [...kinds.map((kind) => lists[kind]), ...resources.map((uri) => `updates of ${uri}`)];
}
