import { oneLine } from './oneLine';

/** An error as one line: its type and what it says, without what addresses may hold of secrets. */
export function describeError(error: unknown): string {
  return oneLine(withoutSecrets(String(error)));
}

/** Names and passwords stand before an `@`, tokens in the query. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^\s/]*@/g, '//…@').replace(/(\w:\/\/[^\s?#]*)\?[^\s"']*/g, '$1?…');
}
