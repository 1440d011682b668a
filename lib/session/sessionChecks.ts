import { assertObject, atLeast, expecting, having, oneOf, type Check } from '../util/options';

/** What the options of a session have to be. */
export const sessionChecks: Readonly<Record<string, Check>> = {
  clientInfo: (value, path) => {
    assertObject(value, path);
    for (const name of ['name', 'version']) {
      expecting('a string', (member) => typeof member === 'string')(Reflect.get(value, name), `${path}.${name}`);
    }
  },
  capabilities: assertObject,
  timeout: atLeast(0),
  maxTotalTimeout: atLeast(0),
  offline: oneOf('wait', 'fail'),
  scheduler: having('a scheduler', 'now', 'schedule'),
};
