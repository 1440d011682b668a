import type { Notification } from '../protocol';

/** Gets every notification of a session. What it throws, or rejects with, lands on `errors$` as a `HandlerError`. */
export type NotificationHandler = (notification: Notification) => void | Promise<void>;
