import { setTimeout } from 'node:timers/promises';
import type { ToolExtraArguments, ToolMetadata } from 'xmcp';

export const metadata: ToolMetadata = { name: 'work', description: 'work' };

export default async (_: unknown, { _meta, sendNotification }: ToolExtraArguments) => {
  for (const progress of [1, 2, 3]) {
    const params = { progressToken: _meta?.progressToken, progress, total: 3 };
    await sendNotification({ method: 'notifications/progress', params });
    await setTimeout(20);
  }
  return 'done';
};
