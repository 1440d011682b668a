import { once } from 'node:events';
import type { ToolExtraArguments, ToolMetadata } from 'xmcp';
import { state } from '../state';

export const metadata: ToolMetadata = { name: 'wait', description: 'wait' };

export default async (_: unknown, { signal }: ToolExtraArguments) => {
  state.started++;
  await once(signal, 'abort');
  state.cancelled++;
  return 'cancelled';
};
