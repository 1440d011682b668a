import { map } from 'rxjs';
import { ofMethod } from 'rx-mcp';

/** The ways to be sure of the params of a notification: not at all, by a schema, or by parsing them oneself. */
export const checks = {
  none: (method) => ofMethod(method),
  schema: (method, schema) => ofMethod(method, schema),
  parse: (method, schema) => (source$) =>
    source$.pipe(
      ofMethod(method),
      map(({ params }) => ({ method, params: schema.parse(params) })),
    ),
};
