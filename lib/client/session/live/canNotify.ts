import { distinctUntilChanged, filter, map, type Observable, skip } from 'rxjs';
import { ServerError } from '../../../errors';
import { errorCode } from '../../../protocol/errorCodes';
import type { Connection } from '../../connection/connection';

/**
 * Emits whether a connection can receive notifications outside of calls, then each change. Emits `true` while a stream
 * is being reopened, because notifications that are missed in the meantime lead to a gap.
 */
export function canNotify$({ stream$ }: Connection): Observable<boolean> {
  return stream$.pipe(
    map((state) => state.listening || state.unavailable !== true),
    distinctUntilChanged(),
  );
}

/**
 * Emits when the first stream of a connection opens late: lists may have been fetched before, so changes may have been
 * missed without a gap.
 */
export function opensLate$({ stream$ }: Connection): Observable<unknown> {
  return stream$.pipe(
    skip(1),
    filter((state) => state.listening && state.isLate === true),
  );
}

/** Creates the warning for a server whose live views do not update. */
export function noUpdatesWarning(): ServerError {
  const message =
    'live views: the server has no stream for notifications, so lists do not update, and resources only with pollInterval';
  return new ServerError(message, { code: errorCode.methodNotFound });
}
