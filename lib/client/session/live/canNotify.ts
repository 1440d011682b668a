import { distinctUntilChanged, map, type Observable } from 'rxjs';
import { ServerError } from '../../../errors';
import { errorCode } from '../../../protocol/errorCodes';
import type { Connection } from '../../connection/connection';

/**
 * Emits whether notifications outside of a call can arrive on a connection, then each change. A stream that is being reopened
 * counts as one: what was missed is a gap.
 */
export function canNotify$({ stream$ }: Connection): Observable<boolean> {
  return stream$.pipe(
    map((state) => state.listening || state.unavailable !== true),
    distinctUntilChanged(),
  );
}

/** The warning that live views of a server do not change. */
export function frozenWarning(): ServerError {
  const message = 'live views: the server has no stream for notifications, so lists and resources do not update';
  return new ServerError(message, { code: errorCode.methodNotFound });
}
