import type { ToolExtraArguments, ToolMetadata } from 'xmcp';

export const metadata: ToolMetadata = { name: 'log', description: 'log' };

export default async (_: unknown, { sendNotification }: ToolExtraArguments) => {
  await sendNotification({ method: 'notifications/message', params: { level: 'warning', data: 'careful' } });
  return 'logged';
};
