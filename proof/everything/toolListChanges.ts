import { listChanged } from 'rx-mcp';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import type { Emission } from './emission';

/** Registered only when the server knows what the client can do, one notification each. */
const conditional = [
  'get-roots-list',
  'trigger-elicitation-request',
  'trigger-url-elicitation',
  'trigger-sampling-request',
  'simulate-research-query',
  'trigger-sampling-request-async',
  'trigger-elicitation-request-async',
];

/** On `initialized`. Over Streamable HTTP they are sent before there is a stream to send them on. */
export const toolListChanges: Emission = {
  name: 'tools/list_changed',
  async see(session, transport) {
    const expected = transport === 'streamableHttp' ? 0 : conditional.length;
    const changes = firstValueFrom(session.notifications$.pipe(listChanged('tools'), take(expected), toArray()));
    const listed = firstValueFrom(
      session.tools$.pipe(filter((tools) => conditional.every((name) => tools.some((tool) => tool.name === name)))),
    );
    await session.connect();
    await changes;
    await listed;
    return `${expected} seen; tools$ has the tools`;
  },
};
