import { churn } from './churn.mjs';
import { connect } from './connect.mjs';
import { dropped } from './dropped.mjs';
import { firstMoments } from './firstMoments.mjs';
import { heap } from './heap.mjs';
import { http } from './http.mjs';
import { imports } from './imports.mjs';
import { manyCalls } from './manyCalls.mjs';
import { manyServers } from './manyServers.mjs';
import { memory } from './memory.mjs';
import { modern } from './modern.mjs';
import { restarted } from './restarted.mjs';
import { schema } from './schema.mjs';
import { sharedSchema } from './sharedSchema.mjs';
import { sharedWrite } from './sharedWrite.mjs';
import { size } from './size.mjs';
import { stdio } from './stdio.mjs';
import { subscribers } from './subscribers.mjs';
import { subscribersHttp } from './subscribersHttp.mjs';

/** All that is measured, by the name that `npm run bench -- NAME` takes. */
export const rows = {
  http,
  modern,
  firstMoments,
  stdio,
  memory,
  subscribers,
  subscribersHttp,
  manyCalls,
  manyServers,
  churn,
  schema,
  sharedSchema,
  heap,
  connect,
  dropped,
  restarted,
  sharedWrite,
  size,
  imports,
};
