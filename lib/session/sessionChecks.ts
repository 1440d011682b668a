import { assertObject, atLeast, having, oneOf, type Check } from '../checks';

/** What the options of a session have to be. */
export const sessionChecks: Readonly<Record<string, Check>> = {
  clientInfo: assertObject,
  capabilities: assertObject,
  timeout: atLeast(0),
  maxTotalTimeout: atLeast(0),
  offline: oneOf('wait', 'fail'),
  scheduler: having('a scheduler', 'now', 'schedule'),
};
