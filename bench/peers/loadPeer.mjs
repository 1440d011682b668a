/** The peer of this name. Each is loaded only where it is measured. */
export async function loadPeer(name) {
  const peers = await import(`./${name}.mjs`);
  return peers[name];
}
