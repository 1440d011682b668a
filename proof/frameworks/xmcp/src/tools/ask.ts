import { inputRequired, type ToolExtraArguments, type ToolMetadata } from 'xmcp';

export const metadata: ToolMetadata = { name: 'ask', description: 'ask' };

const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };

/** The client calls the tool again with the answer. */
export default async (_: unknown, { inputResponses }: ToolExtraArguments) => {
  const answer = inputResponses?.['name'] as { content: { name: string } } | undefined;
  if (answer !== undefined) return answer.content.name;
  return inputRequired({ inputRequests: { name: inputRequired.elicit({ message: 'Your name?', requestedSchema }) } });
};
