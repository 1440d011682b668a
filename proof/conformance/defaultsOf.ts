import type { RequestMap } from 'rx-mcp';

type Elicitation = RequestMap['elicitation/create'];

/** What a form is filled in with when the user accepts it as it stands: the default of every field that has one. */
export function defaultsOf(params: Elicitation['request']['params']): Elicitation['result']['content'] {
  if (!('requestedSchema' in params)) return undefined;
  return Object.fromEntries(
    Object.entries(params.requestedSchema.properties).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default]],
    ),
  );
}
