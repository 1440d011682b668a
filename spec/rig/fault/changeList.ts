import type { FaultWorld } from './faultWorld';

/** Replaces one of the lists, and tells every session unless told not to. */
export async function changeList(
  { lists, sessions }: FaultWorld,
  kind: 'tools' | 'prompts' | 'resources',
  names: readonly string[],
  { silent = false }: { silent?: boolean } = {},
): Promise<void> {
  lists[kind] = names;
  if (silent) return;
  for (const { server } of sessions.values())
    await server.notification({ method: `notifications/${kind}/list_changed` });
}
