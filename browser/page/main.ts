import { cancels } from './cases/cancels';
import { checksOutput } from './cases/checksOutput';
import { connects } from './cases/connects';
import { followsList } from './cases/followsList';
import { receivesNotifications } from './cases/receivesNotifications';
import { namesHiddenSession } from './cases/namesHiddenSession';
import { progressBeforeResult } from './cases/progressBeforeResult';
import { reconnects } from './cases/reconnects';
import { sendsRoots } from './cases/sendsRoots';
import type { PageCase } from './pageCase';

// The interface between the page and the program that drives it.
declare global {
  var pageCases: Record<string, PageCase>;
  function killServer(): Promise<void>;
  function startServer(): Promise<void>;
}

globalThis.pageCases = {
  connects,
  receivesNotifications,
  progressBeforeResult,
  cancels,
  checksOutput,
  sendsRoots,
  followsList,
  reconnects,
  namesHiddenSession,
};
