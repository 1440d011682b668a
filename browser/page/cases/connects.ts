import { filter, firstValueFrom } from 'rxjs';
import { check } from '../check';
import type { PageCase } from '../pageCase';
import { withSession } from '../withSession';

/** `HttpConnector` connects, and its listening stream opens. */
export const connects: PageCase = ({ url }) =>
  withSession(url, async (session) => {
    await session.connect();
    const status = await firstValueFrom(
      session.status$.pipe(filter((each) => each.state === 'connected' && each.listening)),
    );
    check('the server', session.serverInfo?.name, 'rx-mcp-rig-legacy');
    check('the state', status.state, 'connected');
    return `protocol ${session.protocolVersion ?? 'unknown'}`;
  });
