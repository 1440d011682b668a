import { inputRequired, type ToolExtraArguments, type ToolMetadata } from 'xmcp';

export const metadata: ToolMetadata = { name: 'roots', description: 'roots' };

/** The client calls the tool again with the answer. */
export default async (_: unknown, { inputResponses }: ToolExtraArguments) => {
  const answer = inputResponses?.['roots'];
  if (answer !== undefined) return JSON.stringify(answer);
  return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
};
