/**
 * How a request is answered in place of the real server:
 * a number is that status; `html` and `json` are 200 with a body of that type; `end-at-once` is an event stream that
 * opens and ends; `reset-at-once` opens and is reset; `reset` is a reset with no answer; `hang` is no answer at all.
 */
export type FaultAnswer = number | 'html' | 'json' | 'end-at-once' | 'reset-at-once' | 'reset' | 'hang';
