import { InvalidNotificationError } from '../errors';
import { reasonOf } from './toTypedError';

/** How much of what can not be read is shown in its error, in characters. */
const excerpt = 200;

/** Parses the text of a message. What is no JSON is passed to `report` as a typed error, and `undefined` is returned. */
export function parseMessage(text: string, report: (error: Error) => void): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const notification = text.slice(0, excerpt);
    const issues = [{ message: reasonOf(cause).message }];
    report(new InvalidNotificationError('the server sent what is no JSON', { issues, notification, cause }));
    return undefined;
  }
}
