import { timer, type SchedulerLike } from 'rxjs';
import { textOf } from './textOf';

/** How much of a refusal is read, in characters. */
const most = 64 * 1024;
/** How long a refusal may take to be read, in milliseconds. */
const longest = 5_000;

/** What a server says where it refuses something, as far as it says so in time. */
export function refusalText(response: Response, scheduler: SchedulerLike): Promise<string> {
  return textOf(response, most, timer(longest, scheduler));
}
