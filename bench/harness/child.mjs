/** Runs one workload (`file.function`) in this process, and sends the measurement to the parent. */
const { workload, ...params } = JSON.parse(process.argv[2]);
const [file, name] = workload.split('.');
const workloads = await import(`../workloads/${file}.mjs`);
const measured = await workloads[name](params);
process.send(measured, () => process.exit());
