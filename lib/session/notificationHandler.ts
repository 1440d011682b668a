import type { Notification } from '../protocol/types';

/** Gets every notification of a session. What it throws, or what a promise of its rejects with, lands on `errors$` as a `HandlerError`. */
export type NotificationHandler = (notification: Notification) => unknown;
