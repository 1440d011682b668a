import type { ClientCapabilities } from '../protocol/types';

/** The capability that a client must declare for each request that the server can send. */
export const requiredCapability: ReadonlyMap<string, string> = new Map([
  ['roots/list', 'roots'],
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
]);

/** Whether a client with these capabilities supports requests with a method. */
export function supports(capabilities: ClientCapabilities, method: string): boolean {
  const capability = requiredCapability.get(method);
  return capability === undefined || Object.hasOwn(capabilities, capability);
}
