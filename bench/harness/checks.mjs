import { map } from 'rxjs';
import { ofMethod } from 'rx-mcp';

/** How a subscriber validates params: not at all, with a schema, or by parsing them itself. */
export const checks = {
  none: (method) => ofMethod(method),
  schema: (method, schema) => ofMethod(method, schema),
  parse: (method, schema) => (source$) =>
    source$.pipe(
      ofMethod(method),
      map(({ params }) => ({ method, params: schema.parse(params) })),
    ),
};
