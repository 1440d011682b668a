import type { CallContext } from './callContext';
import type { ResourceDefinition, Variables } from './resource';
import type { ResourceTarget } from './resourceStreams';

/** Returns the definition for a URI: the resource with this URI, or else the first template that matches it. */
export function findResource(
  items: readonly ResourceDefinition[],
  uri: string,
): { definition: ResourceDefinition; variables: Variables } | undefined {
  const exact = items.find(({ listing }) => 'uri' in listing && listing.uri === uri);
  if (exact) return { definition: exact, variables: {} };
  for (const definition of items) {
    const variables = definition.match(uri);
    if (variables) return { definition, variables };
  }
  return undefined;
}

/** Returns the target for reading or watching a URI on behalf of a caller. */
export function targetOf(
  { definition, variables }: { definition: ResourceDefinition; variables: Variables },
  uri: string,
  ctx: CallContext,
): ResourceTarget {
  const { session, caller } = ctx;
  return {
    uri,
    definition,
    scope: session?.id ?? caller.principal ?? '',
    open$: () => definition.open$(variables, ctx),
  };
}
