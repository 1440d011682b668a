import { elicitation } from './elicitation';
import type { Emission } from './emission';
import { logMessages } from './logMessages';
import { progress } from './progress';
import { resourceListChange } from './resourceListChange';
import { resourceUpdates } from './resourceUpdates';
import { rootsRequests } from './rootsRequests';
import { sampling } from './sampling';
import { taskStatuses } from './taskStatuses';
import { toolListChanges } from './toolListChanges';

/** Everything that `server-everything` sends. */
export const emissions: readonly Emission[] = [
  toolListChanges,
  rootsRequests,
  progress,
  logMessages,
  resourceUpdates,
  resourceListChange,
  sampling,
  elicitation,
  taskStatuses,
];
