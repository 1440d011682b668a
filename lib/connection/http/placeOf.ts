/** What can be sent in a header everywhere, and is taken by every server: the shortest limit on all headers is 8 KiB. */
const place = /^[\t\x20-\x7e\x80-\xff]{1,4096}$/;

/**
 * The place in a stream that an event's id stands for. None, if the id can not be sent back: a request to go on from there
 * would fail each time that it is made.
 */
export function placeOf(id: string): string | undefined {
  return place.test(id) ? id : undefined;
}
