import { z } from 'zod';

/** As much of a client's message as the rig looks at. */
export const clientMessage = z.object({
  method: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
  params: z.unknown().optional(),
});
