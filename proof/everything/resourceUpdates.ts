import assert from 'node:assert/strict';
import { resourceUpdated } from 'rx-mcp';
import { firstValueFrom, skip, take, toArray } from 'rxjs';
import type { Emission } from './emission';

/** Says when it was read, so that each reading differs. */
const uri = 'demo://resource/dynamic/text/1';

/** While subscribed, when it is switched on: at once, then every five seconds. */
export const resourceUpdates: Emission = {
  name: 'resources/updated',
  async see(session) {
    await session.connect();
    const contents$ = session.resource$(uri);
    const readings: unknown[] = [];
    const watching = contents$.subscribe((contents) => readings.push(contents));
    await firstValueFrom(contents$);
    const updated = firstValueFrom(session.notifications$.pipe(resourceUpdated(uri)));
    const readAgain = firstValueFrom(contents$.pipe(skip(1), take(1), toArray()));
    await session.callTool('toggle-subscriber-updates');
    await updated;
    await readAgain;
    watching.unsubscribe();
    assert.equal(readings.length, 2);
    return 'resource$ was read again';
  },
};
