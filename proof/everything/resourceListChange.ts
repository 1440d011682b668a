import { listChanged } from 'rx-mcp';
import { filter, firstValueFrom } from 'rxjs';
import type { Emission } from './emission';

let resources = 0;

/** When a tool has made a resource. */
export const resourceListChange: Emission = {
  name: 'resources/list_changed',
  async see(session) {
    const name = `proof-${resources++}.gz`;
    const list$ = session.resources$;
    const watching = list$.subscribe();
    await session.connect();
    await firstValueFrom(list$);
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('resources')));
    const listed = firstValueFrom(list$.pipe(filter((list) => list.some((resource) => resource.name === name))));
    await session.callTool('gzip-file-as-resource', { name, data: 'data:text/plain,proof' });
    await changed;
    await listed;
    watching.unsubscribe();
    return 'resources$ has the new one';
  },
};
