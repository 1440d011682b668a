import type { z } from 'zod';
import { clientMessage } from './clientMessage';

/** The JSON-RPC messages in a body, one or a batch; none when it can not be read, which the real server answers for. */
export function messagesIn(body: string): z.output<typeof clientMessage>[] {
  try {
    const parsed: unknown = JSON.parse(body);
    return clientMessage.array().parse(Array.isArray(parsed) ? parsed : [parsed]);
  } catch {
    return [];
  }
}
