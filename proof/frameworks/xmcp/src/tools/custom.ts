import type { ToolExtraArguments, ToolMetadata } from 'xmcp';

export const metadata: ToolMetadata = { name: 'custom', description: 'custom' };

export default async (_: unknown, { sendNotification }: ToolExtraArguments) => {
  await sendNotification({ method: 'custom/event', params: { n: 1 } });
  return 'sent';
};
