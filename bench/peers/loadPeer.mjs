/** Loads the peer of this name. A process loads only the peer that it measures. */
export async function loadPeer(name) {
  const peers = await import(`./${name}.mjs`);
  return peers[name];
}
