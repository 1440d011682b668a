/** Prints what a client has seen, for the proof, and exits: some clients leave sockets open. */
export function report({ tools = [], echo, progress = [], methods = [], roots, prompts = [], contents = [] }) {
  const seen = {
    tools: tools.map(({ name }) => name),
    echo: JSON.stringify(echo),
    progress,
    methods,
    roots,
    prompts: prompts.map(({ name }) => name),
    contents: contents.map(({ text }) => text),
  };
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
}
