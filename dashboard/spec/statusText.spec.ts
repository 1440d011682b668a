import { ConnectionLostError, type SessionStatus } from 'rx-mcp';
import { phaseOf } from '../model/phase';
import { statusText } from '../model/statusText';

const connected = { state: 'connected', protocolVersion: '2025-11-25', protocolEra: 'legacy' } as const;
const error = new ConnectionLostError('gone');

describe('statusText', () => {
  it.each<[SessionStatus, number, string, string, string]>([
    [{ state: 'idle' }, 0, 'connecting', 'Idle', 'not connected yet'],
    [{ state: 'connecting' }, 0, 'connecting', 'Connecting', 'first attempt'],
    [{ ...connected, listening: true }, 0, 'listening', 'Listening', 'protocol 2025-11-25'],
    [{ ...connected, listening: false }, 0, 'notListening', 'Connected', 'protocol 2025-11-25, not listening'],
    [
      { state: 'reconnecting', attempt: 3, delay: 900, error },
      840,
      'reconnecting',
      'Reconnecting',
      'attempt 3 in 0.8 s',
    ],
    [{ state: 'reconnecting', attempt: 3, delay: 900, error }, 0, 'reconnecting', 'Reconnecting', 'attempt 3 now'],
    [{ state: 'closed' }, 0, 'closed', 'Closed', 'by the user'],
    [{ state: 'closed', error }, 0, 'closed', 'Closed', 'gone'],
  ])('describes %j with %i ms left', (status, left, phase, title, detail) => {
    expect(phaseOf(status)).toBe(phase);
    expect(statusText(status, left)).toEqual({ title, detail });
  });
});
