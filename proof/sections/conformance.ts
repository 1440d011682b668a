import { runScenario, scenarioCases } from '../conformance/suites';
import { runCases } from '../harness/runCases';

// The official conformance suite, with a client written with this library.
await runCases('conformance', await scenarioCases('Client', runScenario), { atOnce: 2 });
