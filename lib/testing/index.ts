/**
 * A simulated network with faults, virtual time and recordings, for tests.
 *
 * @module rx-mcp/testing
 */
export { LeftOpenError, type OpenParts } from './network/leftOpenError';
export type { PlayedValue } from './network/play';
export type { ProxyResponse, RuleOptions } from './network/rules';
export {
  type ReceivedMessage,
  simulateNetwork,
  type SimulatedNetwork,
  type SimulatedServer,
  type SimulateNetworkOptions,
} from './network/simulateNetwork';
export { recording, type RecordingOptions } from './recording/recording';
export { replaying, type ReplayingOptions } from './recording/replaying';
export { virtualTime, type VirtualTime } from './virtualTime';
export type { Watched } from './watched';
