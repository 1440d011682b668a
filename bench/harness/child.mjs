/** Runs one workload in this process, and tells what it measured to the one that started it. */
const { workload, ...params } = JSON.parse(process.argv[2]);
const workloads = await import(`../workloads/${workload}.mjs`);
const measured = await workloads[workload](params);
process.send(measured, () => process.exit());
